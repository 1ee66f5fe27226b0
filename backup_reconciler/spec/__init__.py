"""What can be said: the shapes of the documents people commit, and the rules that hold for them.

The same shapes describe what a manifest declares and what Azure has. This room knows neither YAML nor Azure's wire
format.
"""
