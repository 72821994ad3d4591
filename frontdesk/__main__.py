"""`python -m frontdesk`."""

from __future__ import annotations

import sys

from frontdesk.cli import main

sys.exit(main())
