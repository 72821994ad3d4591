"""What the company sells, to whom and to whom not, as its pages say it."""
