"""Watching until what Azure has accepted has come true: what is read, how often, and what is believed."""
