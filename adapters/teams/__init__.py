"""A bot in Microsoft Teams: personal chats, group chats and channels, with Adaptive Cards."""
