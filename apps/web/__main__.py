"""Start the web app, or say in one sentence why that cannot be."""

from apps import check, sentences

with sentences():
    check("web")
    from apps.web.app import main

    main()
