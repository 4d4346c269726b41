"""A page and an HTTP interface to a model, made strict for strangers: `python -m apps.web`."""
