"""The coordinators' listener: everything behind the login; knows nothing of the public pages."""
