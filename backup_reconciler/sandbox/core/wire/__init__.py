"""What passes over the wire: requests, responses, refusals, paths, lists, and how moments are written."""
