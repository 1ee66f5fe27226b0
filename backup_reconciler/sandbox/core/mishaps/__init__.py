"""What goes wrong with a request that was accepted: it is not carried out, or comes late, or fails, or drags on.

None of it is known to the providers. They are asked to answer as always, and what they leave behind is dealt with
here: the state they changed, the papers they began (operations and jobs), and what they scheduled.
"""
