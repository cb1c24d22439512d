#include <doctest/doctest.h>

#include "facts/facts.hpp"
#include "registry/address.hpp"
#include "registry/challenge.hpp"
#include "registry/credentials.hpp"
#include "registry/file_texts.hpp"
#include "registry/image_uses.hpp"
#include "registry/manifest.hpp"
#include "registry/mirrors.hpp"
#include "text/base64.hpp"
#include "text/sha256.hpp"
#include "text/words.hpp"

using namespace dockhew;

namespace {

const std::string some_digest = "sha256:" + std::string(64, 'a');
const std::string other_digest = "sha256:" + std::string(64, 'b');

std::string index_entry(std::string_view platform, const std::string& digest) {
  return R"({"mediaType": "application/vnd.oci.image.manifest.v1+json", "size": 7, "digest": ")" + digest +
         R"(", "platform": )" + std::string(platform) + "}";
}

std::string index_of(const std::string& entries) {
  return R"({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [)" + entries +
         "]}";
}

Credential credential_in(std::string_view json, std::string_view image) {
  const auto entry = find_credential(json, parse_image_reference(image));
  return entry && entry->credential ? *entry->credential : Credential{};
}

}  // namespace

TEST_CASE("SHA-256 of FIPS 180's examples and of every length of the last block") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  // Made with Python: those of 0, 1, … 199 letters, one after the other.
  std::string all;
  for (std::size_t size = 0; size < 200; ++size) all += sha256_hex(std::string(size, 'x'));
  CHECK(sha256_hex(all) == "f61ffcc417e1f0e59eba2da7fa32fbe05b64e478b68c6bacf990455f00248b98");
}

TEST_CASE("base64") {
  for (const std::string_view text : {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xff\xfe\x01"})
    CHECK(base64_decoded(base64_encoded(text)) == text);
  CHECK(base64_encoded("fooba") == "Zm9vYmE=");
  CHECK(base64_decoded("Zm9vYg") == "foob");
  CHECK_FALSE(base64_decoded("Zm9v*"));
  CHECK_FALSE(base64_decoded("Z"));
}

TEST_CASE("names of images as Docker completes them") {
  const auto canonical = [](std::string_view text) { return parse_image_reference(text).canonical(); };
  CHECK(canonical("debian") == "docker.io/library/debian:latest");
  CHECK(canonical("index.docker.io/library/debian:12") == "docker.io/library/debian:12");
  CHECK(canonical("user/app:1") == "docker.io/user/app:1");
  CHECK(canonical("localhost/app") == "localhost/app:latest");
  CHECK(canonical("localhost:5000/a/b:1") == "localhost:5000/a/b:1");
  CHECK(canonical("[::1]:5000/a") == "[::1]:5000/a:latest");
  CHECK(canonical("HOST/app") == "HOST/app:latest");
  CHECK(canonical("debian:12@" + some_digest) == "docker.io/library/debian@" + some_digest);
  CHECK(parse_image_reference("debian:12@" + some_digest).tag_or_digest() == some_digest);
}

TEST_CASE("an index gives the image for a platform") {
  const auto index = read_manifest(
      index_of(index_entry(R"({"os": "linux", "architecture": "amd64"})", some_digest) + "," +
               index_entry(R"({"os": "linux", "architecture": "arm", "variant": "v5"})", some_digest) + "," +
               index_entry(R"({"os": "linux", "architecture": "arm", "variant": "v6"})", other_digest) + "," +
               index_entry(R"({"os": "linux", "architecture": "arm64", "variant": "v8"})", other_digest) + "," +
               index_entry(R"({"os": "unknown", "architecture": "unknown"})", other_digest)),
      "");
  REQUIRE(index);
  CHECK(index->is_index);
  CHECK(index->platforms() == std::vector<std::string>{"linux/amd64", "linux/arm/v5", "linux/arm/v6", "linux/arm64"});
  const auto chosen = [&](std::string_view platform) {
    const auto* image = image_for(*index, parse_platform(platform));
    return image == nullptr ? "" : image->platform.text();
  };
  CHECK(chosen("linux/amd64") == "linux/amd64");
  CHECK(chosen("linux/arm64") == "linux/arm64");
  CHECK(chosen("linux/arm/v7") == "linux/arm/v6");
  CHECK(chosen("linux/arm") == "linux/arm/v6");
  CHECK(chosen("linux/arm/v5") == "linux/arm/v5");
  CHECK(chosen("linux/s390x").empty());
  CHECK(chosen("windows/amd64").empty());
}

TEST_CASE("manifests that are none are declined") {
  const auto reason = [](const std::string& text) {
    const auto read = read_manifest(text, "application/vnd.oci.image.manifest.v1+json");
    return read ? std::string() : read.reason();
  };
  CHECK(reason("x").starts_with("the manifest cannot be read: "));
  CHECK(reason(std::string(100'000, '[')).find("nested deeper") != std::string::npos);
  CHECK(reason(R"({"schemaVersion": 1, "fsLayers": []})").find("schema 1") != std::string::npos);
  CHECK(reason("{}").find("no schemaVersion 2") != std::string::npos);
  CHECK(reason(R"({"schemaVersion": 2})") == "the manifest names no configuration");
  CHECK(reason(R"({"schemaVersion": 2, "config": {"digest": "md5:abc"}})").find("not one that can be verified") !=
        std::string::npos);
  CHECK(reason(R"({"schemaVersion": 2, "config": {"digest": "sha256:../../x"}})").find("not one") != std::string::npos);
  CHECK(reason(R"({"schemaVersion": 2, "manifests": [], "config": {}})").find("at the same time") != std::string::npos);
  CHECK(reason(index_of(index_entry("{}", "sha256:1"))).starts_with("the index is not one"));
  std::string many;
  for (int i = 0; i < 1001; ++i) many += (i == 0 ? "" : ",") + index_entry("{}", some_digest);
  CHECK(reason(index_of(many)) == "the index names more than 1000 images");
}

TEST_CASE("the configuration of an image") {
  const auto image = read_configuration(
      R"({"os": "linux", "architecture": "arm64", "variant": "v8", "config": {"Env": ["PATH=/bin", "E=", "A=b=c"],
          "User": "1:2", "WorkingDir": "/w", "Cmd": ["a", "b"], "Entrypoint": null, "OnBuild": ["RUN x"], "Shell": ["/bin/bash", "-c"]}})");
  REQUIRE(image);
  CHECK(image->platform == "linux/arm64");
  CHECK(image->environment.size() == 3);
  CHECK(image->environment[2] == std::pair<std::string, std::string>{"A", "b=c"});
  CHECK(image->user == "1:2");
  CHECK(image->command == std::vector<std::string>{"a", "b"});
  CHECK(image->entrypoint.empty());
  CHECK(image->triggers.size() == 1);
  CHECK(read_configuration(R"({"os": "linux", "architecture": "amd64", "config": null})"));
  CHECK_FALSE(read_configuration(R"({"config": {}})"));
  CHECK_FALSE(read_configuration(R"({"os": "linux", "architecture": "amd64", "config": {"Env": ["=x"]}})"));
  CHECK_FALSE(read_configuration(R"({"os": "linux", "architecture": "amd64", "config": {"Cmd": [1]}})"));
}

TEST_CASE("the release that the history of an image begins with") {
  const auto release = [](std::string_view steps) {
    const auto image =
        read_configuration(R"({"os": "linux", "architecture": "amd64", "history": [)" + std::string(steps) + "]}");
    return image ? image->distribution + ' ' + image->release : image.reason();
  };
  const std::string debian = R"({"created_by": "# debian.sh --arch 'amd64' out/ 'bookworm' '@1765152000'"})";
  const std::string ubuntu =
      R"({"created_by": "/bin/sh -c #(nop)  ARG RELEASE", "empty_layer": true},
         {"created_by": "/bin/sh -c #(nop)  LABEL org.opencontainers.image.ref.name=ubuntu", "empty_layer": true},
         {"created_by": "/bin/sh -c #(nop)  LABEL org.opencontainers.image.version=23.10", "empty_layer": true},
         {"created_by": "/bin/sh -c #(nop) ADD file:1 in / "})";
  CHECK(release(debian) == "debian bookworm");
  CHECK(release(ubuntu) == "ubuntu 23.10");
  CHECK(release(debian + R"(, {"created_by": "RUN /bin/sh -c apt-get update && apt-get upgrade -y # buildkit"})") ==
        "debian bookworm");
  // An image that is called 24.04, and not what it was made of.
  CHECK(release(ubuntu + R"(, {"created_by": "LABEL org.opencontainers.image.version=24.04", "empty_layer": true})") ==
        "ubuntu 23.10");
  CHECK(
      release(
          R"({"created_by": "LABEL org.opencontainers.image.version=23.10", "empty_layer": true}, {"created_by": "ADD file:1 in / "})") ==
      " ");
  for (const auto* step :
       {"RUN /bin/sh -c sed -i s/bookworm/trixie/ /etc/apt/sources.list", "RUN /bin/sh -c apt-get dist-upgrade -y",
        "COPY rootfs / # buildkit", "/bin/sh -c #(nop) ADD file:2 in / "})
    CHECK(release(debian + R"(, {"created_by": ")" + step + "\"}") == " ");
  CHECK(release(R"({"created_by": "RUN x"}, )" + debian) == " ");
  CHECK(release(R"({"created_by": "# debian.sh --arch 'amd64' out/ '$(x)' '@1'"})") == " ");
  CHECK(release(R"({"created_by": 1}, 2, null)") == " ");
}

TEST_CASE("what the files of an image say") {
  const auto owner = [](const std::string& directory) -> std::string {
    return directory == "/root" ? "0" : directory == "/srv/a" ? "7" : directory == "/a" ? "1000" : "";
  };
  ImageFiles files;
  read_os_release("NAME=x\nID='debian'\r\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n", files);
  CHECK(files.distribution + ' ' + files.release == "debian bookworm");
  ImageFiles other;
  read_os_release("ID=ubuntu\nVERSION_CODENAME=noble\nVERSION_ID=\"24.04\"\n", other);
  CHECK(other.distribution + ' ' + other.release == "ubuntu 24.04");
  ImageFiles alpine;
  read_os_release("NAME=\"Alpine Linux\"\nID=alpine\nVERSION_ID=3.20.3\n", alpine);
  CHECK(alpine.distribution + ' ' + alpine.release == "alpine 3.20");
  read_apk_packages("C:Q1x=\nP:musl\nV:1.2.5-r0\np:so:libc.musl-x86_64.so.1=1\nF:lib\nR:P:no\n\nP:busybox\nP:a b\n",
                    alpine);
  CHECK(alpine.packages == std::set<std::string, std::less<>>{"busybox", "musl"});
  CHECK(alpine.has_packages);
  ImageFiles redhat;
  read_os_release("ID=\"rocky\"\nVERSION_ID=\"9.4\"\n", redhat);
  CHECK(redhat.distribution + ' ' + redhat.release == "redhat 9");
  ImageFiles unknown;
  for (const auto* text : {"ID=debian\nVERSION_CODENAME=\n", "ID=openEuler\nVERSION_ID=24.03\n",
                           "ID=alpine\nVERSION_ID=3.21_alpha20240923\n", "VERSION_CODENAME=bookworm", "\n=\n", ""})
    read_os_release(text, unknown);
  CHECK(unknown.release.empty());
  read_users("root:x:0:0:root:/root:/bin/sh\nroot:x:0:0::/other:\na:x:7:7::/srv/a:/x\nb:x:8:8::relative:/x\n\nc:x\n",
             owner, files);
  CHECK(files.homes ==
        std::map<std::string, std::string>{{"0", "/root"}, {"7", "/srv/a"}, {"a", "/srv/a"}, {"root", "/root"}});
  CHECK(files.users == std::map<std::string, std::string>{{"a", "7"}, {"root", "0"}});
  ImageFiles grouped;
  read_users("a:x:1000:100::/a:/x\nb:x:-1:0::/b:/x\n", owner, grouped);
  CHECK(grouped.users == std::map<std::string, std::string>{{"a", "1000:100"}});
  read_packages(
      "Package: a\nStatus: install ok installed\n\nPackage: b\nStatus: deinstall ok config-files\n\nPackage: c\n",
      false, files);
  CHECK(files.packages == std::set<std::string, std::less<>>{"a"});
  read_packages("Package: d\nVersion: 1\n", true, files);
  CHECK(files.packages.contains("d"));
  read_apt_settings("# Dir::Cache \"\";\n  // Clean\nAPT::Install-Recommends \"0\";\n", files);
  CHECK_FALSE(files.empties_apt_cache);
  read_apt_settings("DPkg::Post-Invoke { \"rm -f /var/cache/apt/archives/*.deb || true\"; };\n", files);
  CHECK(files.empties_apt_cache);
}

TEST_CASE("SHA-256 of what comes piece by piece") {
  const std::string text(1000, 'x');
  for (const std::size_t piece : {1U, 7U, 63U, 64U, 65U, 200U, 1000U}) {
    Sha256 sum;
    for (std::size_t at = 0; at < text.size(); at += piece) sum.add(std::string_view(text).substr(at, piece));
    CHECK(sum.hex() == sha256_hex(text));
  }
}

TEST_CASE("the bytes of all layers") {
  const auto bytes = [](std::string_view sizes) {
    std::string layers;
    for (const auto size : split_words(sizes))
      layers +=
          (layers.empty() ? "" : ",") + (R"({"digest": ")" + some_digest + R"(", "size": )") + std::string(size) + '}';
    const auto manifest = read_manifest(R"({"schemaVersion": 2, "config": {"digest": ")" + some_digest +
                                            R"(", "size": 1}, "layers": [)" + layers + "]}",
                                        "");
    return manifest ? layer_bytes(*manifest) : -1;
  };
  CHECK(bytes("10 20 30") == 60);
  CHECK(bytes("") == 0);
  CHECK(bytes("9223372036854775807 9223372036854775807") == 0);
}

TEST_CASE("challenges") {
  const auto read = read_challenges(
      R"(Basic realm="a \"quoted\" one", Bearer realm="https://auth.example.org/token",service="r",scope="repository:a/b:pull,push")");
  REQUIRE(read.size() == 2);
  CHECK(read[0].scheme == "basic");
  CHECK(read[0].parameter("realm") == "a \"quoted\" one");
  CHECK(read[1].parameter("scope") == "repository:a/b:pull,push");
  CHECK(token_query(read[1], "a/b") == "service=r&scope=repository%3Aa%2Fb%3Apull");
  CHECK(read_challenges("Negotiate").size() == 1);
  CHECK(read_challenges("Bearer realm=\"open").empty());
  CHECK(read_challenges("").empty());
  CHECK(read_challenges(std::string(100'000, ',')).empty());
  CHECK(*read_token(R"({"access_token": "x.y"})") == "x.y");
  CHECK_FALSE(read_token(R"({"token": "x\r\nHost: y"})"));
  CHECK_FALSE(read_token("[]"));
}

TEST_CASE("credentials of Docker's and Podman's files") {
  // "me:pass:word"
  constexpr std::string_view docker = R"({"auths": {"https://index.docker.io/v1/": {"auth": "bWU6cGFzczp3b3Jk"},
      "https://old.example.org/v2/": {"auth": "bWU6cGFzczp3b3Jk"}, "empty.example.org": {},
      "token.example.org": {"identitytoken": "t"}, "broken.example.org": {"auth": "bWU="}}})";
  CHECK(credential_in(docker, "debian:12").user == "me");
  CHECK(credential_in(docker, "someone/app").password == "pass:word");
  CHECK(credential_in(docker, "old.example.org/a").user == "me");
  CHECK(credential_in(docker, "empty.example.org/a").empty());
  CHECK(credential_in(docker, "other.example.org/a").empty());
  CHECK(credential_in(docker, "token.example.org/a").identity_token == "t");
  CHECK_FALSE(find_credential(docker, parse_image_reference("broken.example.org/a")));
  // "a:1" and "b:2"
  constexpr std::string_view podman = R"({"auths": {"q.io": {"auth": "YToxCg=="}, "q.io/team": {"auth": "Yjoy"},
      "docker.io": {"auth": "Yjoy"}}})";
  CHECK(credential_in(podman, "q.io/team/app:1").user == "b");
  CHECK(credential_in(podman, "q.io/teams/app:1").user == "a");
  CHECK(credential_in(podman, "debian").user == "b");
  const auto entry =
      find_credential(R"({"credsStore": "s", "credHelpers": {"q.io": "h"}})", parse_image_reference("q.io/a"));
  REQUIRE(entry);
  CHECK(entry->helper == "h");
  const auto store =
      find_credential(R"({"credsStore": "s", "auths": {"docker.io": {}}})", parse_image_reference("debian"));
  REQUIRE(store);
  CHECK(store->helper == "s");
  CHECK(store->server == "https://index.docker.io/v1/");
  CHECK_FALSE(find_credential(R"({"credsStore": "../sh"})", parse_image_reference("debian")));
  CHECK(read_helper_answer(R"({"Username": "<token>", "Secret": "t"})")->identity_token == "t");
}

TEST_CASE("where requests may go") {
  const auto to = [](std::string_view from, std::string_view location) {
    const auto address = redirected(*read_address(from), location);
    return address ? address->text() : "declined";
  };
  CHECK(to("https://a/v2/x", "/v2/y?z") == "https://a/v2/y?z");
  CHECK(to("https://a/v2/x?q=1/2", "y") == "https://a/v2/y");
  CHECK(to("https://a/v2/x", "//b/y") == "https://b/y");
  CHECK(to("https://a/v2/x", "https://cdn.example.org/y#part") == "https://cdn.example.org/y");
  CHECK(to("https://a/v2/x", "http://b/y") == "declined");
  CHECK(to("http://localhost:1/v2/x", "http://example.org/y") == "declined");
  CHECK(to("http://localhost:1/v2/x", "http://127.0.0.1:2/y") == "http://127.0.0.1:2/y");
  CHECK(to("https://a/v2/x", "file:///etc/passwd") == "declined");
  CHECK(to("https://a/v2/x", "https://user:password@b/") == "declined");
  CHECK(to("https://a/v2/x", "https://b/\"\nheader") == "declined");
  CHECK(to("https://a/v2/x", "") == "declined");
  for (const auto* host : {"localhost", "localhost:5000", "127.0.0.1", "127.1.2.3:80", "[::1]:5000"})
    CHECK(is_loopback(host));
  for (const auto* host : {"localhost.example.org", "127.0.0.1.example.org", "128.0.0.1", "[::2]", "example.org:127"})
    CHECK_FALSE(is_loopback(host));
  CHECK(registry_of(parse_image_reference("debian")).text() == "https://registry-1.docker.io/v2/");
}

TEST_CASE("mirrors are those that Docker and Podman are told") {
  const auto asked = [](const std::vector<MirroredPrefix>& prefixes, std::string_view name) {
    std::string all;
    for (const auto& image : mirrored(parse_image_reference(name), prefixes))
      all += (all.empty() ? "" : " ") + image.host() + '/' + image.path() + ' ' + image.tag_or_digest();
    return all;
  };
  const auto docker = read_docker_mirrors(
      R"({"registry-mirrors": ["https://mirror.example.org/", "http://127.0.0.1:5000", "http://plain.example.org",
          "https://a.example.org/path", "https://me:secret@a.example.org", 7, "https://b.example.org:443"]})");
  CHECK(asked(docker, "debian") ==
        "mirror.example.org/library/debian latest 127.0.0.1:5000/library/debian latest "
        "b.example.org:443/library/debian latest");
  CHECK(asked(docker, "quay.io/a/b:1").empty());
  for (const auto* wrong : {"", "[]", "{", R"({"registry-mirrors": "x"})"}) CHECK(read_docker_mirrors(wrong).empty());
  const auto podman = read_registries_conf(R"(
unqualified-search-registries = ["docker.io"]
[[registry]]
location = "docker.io"
[[registry.mirror]]
location = "mirror.example.org:5000/hub/"
[[registry.mirror]]
location = "digests"
pull-from-mirror = "digest-only"
[[registry.mirror]]
location = "a b"
[[registry]]
prefix = "docker.io/library"
location = "registry.example.org/official"
[[registry]]
prefix = "quay.io"
location = "quay.io"
mirror-by-digest-only = true
[[registry.mirror]]
location = "docker.io/quay"
)");
  CHECK(asked(podman, "grafana/grafana:11") == "mirror.example.org:5000/hub/grafana/grafana 11");
  const auto digest = "sha256:" + std::string(64, 'a');
  CHECK(asked(podman, "grafana/grafana@" + digest) ==
        "mirror.example.org:5000/hub/grafana/grafana " + digest + " digests/grafana/grafana " + digest);
  CHECK(asked(podman, "debian:12") == "registry.example.org/official/debian 12");
  CHECK(asked(podman, "quay.io/a/b:1").empty());
  CHECK(asked(podman, "quay.io/a/b@" + digest) == "docker.io/quay/a/b " + digest);
  CHECK(asked(podman, "quay.io.example.org/a:1").empty());
  for (const auto* wrong : {"", "[[registry]]", "registry = 1", "[[registry]]\nlocation = 7", "= ="})
    CHECK(asked(read_registries_conf(wrong), "debian").empty());
}

TEST_CASE("what a registry says of a base replaces and completes the tables") {
  auto resolved = std::make_shared<ResolvedImages>();
  const auto& tables = builtin_facts();
  const auto add = [&](std::string_view name, BaseImage image) {
    ResolvedImage answer{Found::image, some_digest, {}, std::move(image), {}};
    const auto reference = parse_image_reference(name);
    const auto known = tables.image(reference);
    resolved->add(reference, "linux/amd64", std::move(answer), known ? known->entry : nullptr);
  };
  add("corp.example.org/base:1",
      {"linux/amd64", {{"HOME", "/data"}, {"A", "b"}}, "app:staff", "/srv", {}, {}, {"/bin/bash", "-c"}, {}});
  add("node:22", {"linux/amd64", {{"NODE_VERSION", "22.1.0"}}, "", "", {}, {}, {}, {}});
  add("trigger:1", {"linux/amd64", {}, "", "", {}, {}, {}, {"USER x"}});
  Facts facts(tables);
  facts.resolved = resolved;
  const Dockerfile file(
      "FROM corp.example.org/base:1\nRUN x\nFROM node:22\nFROM trigger:1\n"
      "FROM --platform=linux/arm64 node:22\nFROM --platform=$BUILDPLATFORM node:22\n",
      facts, BuildContext());
  const auto& own = file.stages()[0];
  CHECK(own.user.is("app"));
  CHECK(own.workdir.is("/srv"));
  CHECK(file.lookup(own, own.environment.size(), "A").is("b"));
  CHECK(file.lookup(own, own.environment.size(), "B").state == Value::State::undefined);
  CHECK(own.steps[0].shell == "bash");
  const auto& node = file.stages()[1];
  CHECK(node.image->entry->language == "node");
  CHECK(file.lookup(node, node.environment.size(), "NODE_VERSION").is("22.1.0"));
  CHECK(node.image->resolved->digest == some_digest);
  CHECK_FALSE(file.stages()[2].image);
  CHECK(file.stages()[3].platform == "linux/arm64");
  CHECK(file.stages()[3].image->resolved == nullptr);
  CHECK(file.stages()[4].image->resolved != nullptr);
  CHECK(short_digest(some_digest) == "sha256:aaaaaaaaaaaa");
}
