"""Slack's Web API, for the sales team's door and the prospects' one."""
