"""The words of the panels in JupyterLab, one module a panel."""
