"""A plan or a drift report as one page of HTML that needs nothing but a browser."""
