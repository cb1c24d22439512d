"""What the executable is made of, in SPDX 2.3's JSON: https://spdx.github.io/spdx-spec/v2.3/"""
import hashlib
import json
import re
import time

from release import AUTHOR, HOMEPAGE, LICENSE


def bill_of_materials(release):
    """(file name, bytes)"""
    checksum = hashlib.sha256(release.executable).hexdigest()
    created = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(release.epoch))
    packages = [{"SPDXID": "SPDXRef-dockhew", "name": "dockhew", "versionInfo": release.version, "downloadLocation": f"git+{HOMEPAGE}",
                 "supplier": f"Organization: {AUTHOR}", "filesAnalyzed": False, "licenseConcluded": LICENSE, "licenseDeclared": LICENSE,
                 "copyrightText": "NOASSERTION", "primaryPackagePurpose": "APPLICATION",
                 "checksums": [{"algorithm": "SHA256", "checksumValue": checksum}]}]
    relations = [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-dockhew"}]
    for each in release.libraries:
        identifier = "SPDXRef-" + re.sub(r"[^a-zA-Z0-9.-]", "-", each.name)
        packages.append({"SPDXID": identifier, "name": each.name, "versionInfo": each.version, "downloadLocation": "NOASSERTION",
                         "filesAnalyzed": False, "licenseConcluded": each.license, "licenseDeclared": each.license,
                         "copyrightText": "NOASSERTION", "primaryPackagePurpose": "LIBRARY",
                         "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                                           "referenceLocator": f"pkg:deb/debian/{each.name.replace('+', '%2B')}@{each.version.replace('+', '%2B')}"}]})
        relations.append({"spdxElementId": "SPDXRef-dockhew", "relationshipType": "STATIC_LINK", "relatedSpdxElement": identifier})
    document = {"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": f"dockhew-{release.version}",
                "documentNamespace": f"{HOMEPAGE}/spdx/{release.version}/{checksum}",
                "creationInfo": {"created": created, "creators": [f"Organization: {AUTHOR}"]}, "packages": packages, "relationships": relations}
    return f"dockhew-{release.version}-{release.machine}.spdx.json", (json.dumps(document, indent=2) + "\n").encode()
