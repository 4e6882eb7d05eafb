"""Tests of how the app is served; each needs what a machine may not have, and has its command."""

import pytest

pytest.register_assert_rewrite("tests.deploy.load")
