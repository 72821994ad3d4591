"""What is known of a visitor: facts out of messages, the profile, readiness, and what to ask next.

`interpreter` reads messages, `analyst` judges what is known, `planner` chooses the next question.
All of it is local and deterministic and needs no model.
"""
