"""What Azure has, as plain frozen data in the words of `spec`: the snapshot a plan is made from."""
