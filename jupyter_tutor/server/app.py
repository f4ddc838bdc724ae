"""The server extension: one application that adds the tutor to a Jupyter server."""

from jupyter_server.extension.application import ExtensionApp


class TutorApp(ExtensionApp):
    """Jupyter Tutor as an extension of a Jupyter server.

    Its configuration file is `jupyter_tutor_config.py`, its traits are `c.TutorApp.*`.
    """

    name = "tutor"
    load_other_extensions = True
