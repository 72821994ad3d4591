"""The models of the files this room owns; other rooms bring the models of theirs."""
