# Everything starts with one of these; `make` alone lists them.
.DEFAULT_GOAL := help
PYTEST := .venv/bin/python -m pytest
# These need neither a screen nor a clock, and run on all cores; people's windows and recordings in real time do not.
UNTIMED := tests/training/ tests/vpt_studio/
# Qt tests run on a real X server, a virtual one where there is no screen.
SCREEN := $(if $(DISPLAY),,xvfb-run --auto-servernum --server-args="-screen 0 1920x1080x24")

.PHONY: help demo studio test test-slow check format

help:  ## list these commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo:  ## set up, then the main job: clips, IDM, film and report (DATA=folder, MINUTES=n, OUT=folder)
	@sh scripts/set_up.sh demo
	.venv/bin/vpt-studio demo $(if $(DATA),--data "$(DATA)") $(if $(MINUTES),--minutes $(MINUTES)) $(if $(OUT),--out "$(OUT)")

studio:  ## set up, then open the window (PROJECT=folder)
	@sh scripts/set_up.sh studio
	.venv/bin/vpt-studio studio $(if $(PROJECT),"$(PROJECT)")

test:  ## set up, then the tests (ARGS=… for pytest)
	@sh scripts/set_up.sh test
ifdef ARGS
	$(SCREEN) $(PYTEST) $(ARGS)
else
	@$(PYTEST) -n logical --dist loadfile $(UNTIMED); untimed=$$?; \
	$(SCREEN) $(PYTEST) $(filter-out $(UNTIMED),$(wildcard tests/*/)); timed=$$?; \
	exit $$((untimed || timed))
endif

test-slow:  ## the longer proofs that `make test` leaves out
	@sh scripts/set_up.sh test
	$(SCREEN) $(PYTEST) -m slow $(ARGS)

check:  ## set up, then lint, types and the direction of imports
	@sh scripts/set_up.sh test
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports

format:  ## let ruff put the code into shape
	@sh scripts/set_up.sh test
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
