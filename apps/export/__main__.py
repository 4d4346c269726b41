"""Export a model, or say in one sentence why that cannot be."""

from apps import check, sentences

with sentences():
    check("export")
    from apps.export.cli import main

    main()
