"""What `frontdesk doctor` looks at: everything a desk needs that its files alone cannot tell. One file a part."""
