"""Who there is, and certificates made for one run."""

import os
import subprocess

ADMIN = ("admin", "admin-secret")  # may do everything
BOB = ("bob", "bob-secret")        # may do nothing until somebody lets him
USERS = [ADMIN, BOB]

EXTENSIONS = "subjectAltName=DNS:localhost,IP:127.0.0.1\n"


def openssl(directory, *arguments):
    subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)


def make_ca(directory, name):
    openssl(directory, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
    return os.path.join(directory, f"{name}.pem")


def make_certificate(directory, ca, name, subject):
    """The key of somebody and the certificate, each in a file of its own."""
    with open(os.path.join(directory, "extensions"), "w") as f:
        f.write(EXTENSIONS)
    openssl(directory, "req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={subject}",
            "-keyout", f"{name}.key", "-out", f"{name}.csr")
    openssl(directory, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.pem", "-CAkey",
            f"{ca}.key", "-CAcreateserial", "-days", "2", "-extfile", "extensions", "-out",
            f"{name}.pem")
    return os.path.join(directory, f"{name}.key"), os.path.join(directory, f"{name}.pem")
