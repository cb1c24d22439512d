// What Unix commands read, write, change and remove, by the table of them. In a file, every command runs in /app.
#include "effects/effects.hpp"

#include <doctest/doctest.h>

#include "ecosystems/command_effects.hpp"
#include "effects/commutes.hpp"
#include "effects/plain_effects.hpp"
#include "effects/removed_files.hpp"
#include "effects/unix_effects.hpp"
#include "model/dockerfile.hpp"

using namespace dockhew;

namespace {

void describe(std::string& text, const char* what, const AffectedPaths& affected) {
  if (affected.paths.empty() && !affected.anything) return;
  if (!text.empty()) text += ", ";
  text += what;
  for (const auto& path : affected.paths) text += ' ' + (path.text.empty() ? "" : path.text + '=') + path.path;
  if (affected.anything) text += " ?";
}

std::string describe(const Effects& effects) {
  std::string text;
  describe(text, "reads", effects.reads);
  describe(text, "writes", effects.writes);
  describe(text, "changes", effects.changes);
  describe(text, "removes", effects.removes);
  describe(text, "mode", effects.modes);
  describe(text, "owner", effects.owners);
  if (effects.changes_shell) text += text.empty() ? "shell" : ", shell";
  return text;
}

// Of the last command of a RUN.
Effects effects_of(const std::string& line) {
  const Dockerfile file("FROM scratch\nWORKDIR /app\nRUN " + line + '\n', builtin_facts(), {});
  return unix_effects(builtin_facts(), file.stages()[0].steps[1].script->commands.back());
}

struct Row {
  const char* line;
  const char* effects;
};

constexpr Row rows[] = {
    {"cat a /etc/os-release", "reads /app/a /etc/os-release"},
    {"cat", ""},
    {"cat -", ""},
    {"cat $FILE", "reads ?"},
    {"cat a > b", "reads /app/a, writes /app/b"},
    {"cat >> /etc/hosts", "writes /etc/hosts"},
    {"cat <<< text", ""},
    {"head -n 1 a", "reads /app/a"},
    {"head -c4 a", "reads /app/a"},
    {"tail -n +2 a", "reads /app/a"},
    {"grep -q root /etc/passwd", "reads /etc/passwd"},
    {"grep -e root -e bin /etc/passwd", "reads /etc/passwd"},
    {"grep -rf patterns src", "reads /app/patterns /app/src"},
    {"grep -A 3 x", ""},
    {"awk '{print $1}' a b", "reads /app/a /app/b"},
    {"awk -F: -f program.awk /etc/passwd", "reads /app/program.awk /etc/passwd"},
    {"cut -d: -f1 /etc/passwd", "reads /etc/passwd"},
    {"sort -u -o sorted a", "reads /app/a, writes /app/sorted"},
    {"sort -k2 a b", "reads /app/a /app/b"},
    {"uniq", ""},
    {"jq -r .version package.json", "reads /app/package.json"},
    {"sha256sum -c SUMS", "reads /app/SUMS"},
    {"wc -l a", "reads /app/a"},
    {"ls -la", ""},
    {"ls /opt", "reads /opt"},
    {"stat -c %s a", "reads /app/a"},
    {"ldd /usr/bin/app", "reads /usr/bin/app"},
    {"file a", "reads /app/a"},
    {"which curl", ""},
    {"date +%s", ""},
    {"id -u", ""},
    {"uname -m", ""},
    {"diff a b", "reads /app/a /app/b"},
    {"basename /opt/a", ""},
    {"echo a", ""},
    {"echo a > /etc/a", "writes /etc/a"},
    {"echo a >> b", "writes /app/b"},
    {"echo a >&2", ""},
    {"echo a 2>&1", ""},
    {"echo a &> log", "writes /app/log"},
    {"printf '%s' a | tee b", "writes /app/b"},
    {"tee -a b /etc/c", "writes /app/b /etc/c"},
    {"true", ""},
    {":", ""},
    {"[ -f /etc/a ]", "reads /etc/a"},
    {R"([ "$A" = b ])", ""},
    {"[ a -nt b ]", "reads /app/a /app/b"},
    {"test -d dir", "reads /app/dir"},
    {R"(test -n "$A")", ""},
    {"cd /opt", "reads /opt, shell"},
    {"export A=b", "shell"},
    {"set -eux", "shell"},
    {"umask 022", "shell"},
    {"A=b", "shell"},
    {". ./env", "reads /app/env ?, writes ?, changes ?, removes ?, mode ?, owner ?, shell"},
    {"source env", "reads /app/env ?, writes ?, changes ?, removes ?, mode ?, owner ?, shell"},
    {"trap exit INT", "shell"},
    {"read A", "shell"},
    {"read A < b", "reads /app/b, shell"},
    {"local A=b", "shell"},
    {"declare -a A", "shell"},
    {"command -v git", ""},
    {"lsb_release -cs", ""},
    {"a2enmod rewrite headers", "writes /etc/apache2 /var/lib/apache2"},
    {"a2dissite 000-default", "writes /etc/apache2 /var/lib/apache2"},
    {"service apache2 stop", "reads ?, writes ?, changes ?, removes ?, mode ?, owner ?"},
    {"systemctl enable a", "reads ?, writes ?, changes ?, removes ?, mode ?, owner ?"},
    {"touch a /etc/b", "writes /app/a /etc/b"},
    {"touch -d yesterday a", "writes /app/a"},
    {"touch -r a b", "reads /app/a, writes /app/b"},
    {"mkdir a", "writes /app/a"},
    {"mkdir -p /opt/a /opt/b", "writes /opt/a /opt/b"},
    {"mkdir -m 755 /opt/a", "writes /opt/a, mode 755=/opt/a"},
    {"mkdir --mode=700 /opt/a", "writes /opt/a, mode 700=/opt/a"},
    {"mkdir -p $DIR", "writes ?"},
    {"mktemp -d", "writes /tmp"},
    {"truncate -s 0 a", "reads /app/a, changes /app/a"},
    {"rm a", "removes /app/a"},
    {"rm -rf /var/lib/apt/lists/*", "removes /var/lib/apt/lists/*"},
    {"rm -f $FILE", "removes ?"},
    {"rm -rf ~/.cache", "removes ~/.cache"},
    {"rmdir a", "removes /app/a"},
    {"unlink a", "removes /app/a"},
    {"cp a b", "reads /app/a, writes /app/b"},
    {"cp a b /opt", "reads /app/a /app/b, writes /opt"},
    {"cp a b /opt/", "reads /app/a /app/b, writes /opt/a /opt/b"},
    {"cp -r src/* /opt/", "reads /app/src/*, writes /opt"},
    {"cp -r . /opt/", "reads /app, writes /opt"},
    {"cp -t /opt a b", "reads /app/a /app/b, writes /opt/a /opt/b"},
    {"cp --target-directory=/opt a", "reads /app/a, writes /opt/a"},
    {"cp a $DIR", "reads /app/a, writes ?"},
    {"cp $FILE /opt/a", "reads ?, writes /opt/a"},
    {"cp -- -a b", "reads /app/-a, writes /app/b"},
    {"mv a b", "reads /app/a, writes /app/b, removes /app/a"},
    {"mv a /opt/", "reads /app/a, writes /opt/a, removes /app/a"},
    {"mv -t /opt a b", "reads /app/a /app/b, writes /opt/a /opt/b, removes /app/a /app/b"},
    {"mv *.so /usr/lib", "reads /app/*.so, writes /usr/lib, removes /app/*.so"},
    {"ln -s /opt/a/bin/a /usr/bin/a", "reads /opt/a/bin/a, writes /usr/bin/a"},
    {"ln -s ../lib/a /usr/bin/a", "reads /usr/lib/a, writes /usr/bin/a"},
    {"ln -sf a /usr/bin/", "reads /usr/bin/a, writes /usr/bin/a"},
    {"ln -s /opt/a", "reads /opt/a, writes /app/a"},
    {"ln a b", "reads /app/a, writes /app/b"},
    {"ln -sfT a b", "reads /app/a, writes /app/b"},
    {"install a /usr/bin/a", "reads /app/a, writes /usr/bin/a"},
    {"install -m 755 a /usr/bin/", "reads /app/a, writes /usr/bin/a, mode 755=/usr/bin/a"},
    {"install -Dm755 a /usr/bin/a", "reads /app/a, writes /usr/bin/a, mode 755=/usr/bin/a"},
    {"install -o root -g staff -m 644 a b", "reads /app/a, writes /app/b, mode 644=/app/b, owner root:staff=/app/b"},
    {"install -d /opt/a /opt/b", "writes /opt/a /opt/b"},
    {"install -d -m 700 -o app /opt/a", "writes /opt/a, mode 700=/opt/a, owner app=/opt/a"},
    {"install --directory --owner=app --group=app --mode=0755 /opt/a",
     "writes /opt/a, mode 0755=/opt/a, owner app:app=/opt/a"},
    {"install -t /usr/bin a b", "reads /app/a /app/b, writes /usr/bin/a /usr/bin/b"},
    {"chmod +x a", "mode +x=/app/a"},
    {"chmod 755 a /opt/b", "mode 755=/app/a 755=/opt/b"},
    {"chmod -R u+w,g-w /opt", "mode u+w,g-w=/opt"},
    {"chmod -x a", "mode -x=/app/a"},
    {"chmod --reference=a b", "mode /app/b"},
    {"chmod $MODE a", "mode /app/a"},
    {"chown app a", "owner app=/app/a"},
    {"chown -R app:app /opt /srv", "owner app:app=/opt app:app=/srv"},
    {"chown -R $USER /opt", "owner /opt"},
    {"chown --from=root app a", "owner app=/app/a"},
    {"chgrp -R 0 /opt", "owner :0=/opt"},
    {"setcap cap_net_bind_service=+ep /usr/bin/a", "reads /usr/bin/a, changes /usr/bin/a"},
    {"strip a", "reads /app/a, changes /app/a"},
    {"strip -o b a", "reads /app/a, writes /app/b"},
    {"strip --strip-unneeded a b", "reads /app/a /app/b, changes /app/a /app/b"},
    {"upx --best -o b a", "reads /app/a, writes /app/b"},
    {"upx a", "reads /app/a, changes /app/a"},
    {"patchelf --set-rpath /opt/lib a", "reads /app/a, changes /app/a"},
    {"objcopy --only-keep-debug a b", "reads /app/a, writes /app/b"},
    {"sed s/a/b/ a", "reads /app/a"},
    {"sed -i s/a/b/ a", "reads /app/a, changes /app/a"},
    {"sed -i.bak -e s/a/b/ -e s/b/c/ /etc/a", "reads /etc/a, changes /etc/a"},
    {"sed -ri 's/a/b/' a b", "reads /app/a /app/b, changes /app/a /app/b"},
    {"sed --in-place s/a/b/ a", "reads /app/a, changes /app/a"},
    {"sed -n -f script a", "reads /app/script /app/a"},
    {"dos2unix a", "reads /app/a, changes /app/a"},
    {"dd if=/dev/zero of=/swap bs=1M count=1", "reads /dev/zero, writes /swap"},
    {"tar xzf a.tar.gz", "reads /app/a.tar.gz, writes /app"},
    {"tar -xzf a.tar.gz -C /opt", "reads /app/a.tar.gz, writes /opt"},
    {"tar -C /opt -xf -", "writes /opt"},
    {"tar --extract --file a.tar --directory /opt --strip-components 1", "reads /app/a.tar, writes /opt"},
    {"tar -xJf a.tar.xz -C /opt --strip-components=1", "reads /app/a.tar.xz, writes /opt"},
    {"tar -x -f a.tar b c", "reads /app/a.tar, writes /app"},
    {"tar cf a.tar b c", "reads /app/b /app/c, writes /app/a.tar"},
    {"tar -czf /tmp/a.tgz -C /opt .", "reads /opt, writes /tmp/a.tgz"},
    {"tar tf a.tar", "reads /app/a.tar"},
    {"tar -xO -f a.tar b", "reads /app/a.tar"},
    {"tar xf a.tar -C $DIR", "reads /app/a.tar, writes ?"},
    {"unzip a.zip", "reads /app/a.zip, writes /app"},
    {"unzip -q a.zip -d /opt", "reads /app/a.zip, writes /opt"},
    {"unzip -qd /opt a.zip", "reads /app/a.zip, writes /opt"},
    {"unzip -p a.zip b", "reads /app/a.zip /app/b"},
    {"gunzip a.gz", "reads /app/a.gz, writes /app/a, removes /app/a.gz"},
    {"gzip -9 a", "reads /app/a, writes /app/a.*, removes /app/a"},
    {"gzip -dc a.gz", "reads /app/a.gz"},
    {"xz -dk a.xz", "reads /app/a.xz, writes /app/a"},
    {"bunzip2 a.tar.bz2", "reads /app/a.tar.bz2, writes /app/a.tar, removes /app/a.tar.bz2"},
    {"find . -name '*.pyc'", "reads /app"},
    {"find / -name '*.pyc' -delete", "reads /, removes /"},
    {"find /opt -type f -exec chmod 644 {} +", "reads /opt, mode 644=/opt"},
    {R"(find /opt /srv -type d -exec chown app {} \;)", "reads /opt /srv, owner app=/opt app=/srv"},
    {"find . -name '*.a' -exec rm -f {} +", "reads /app, removes /app"},
    {"find src -exec touch {} +", "reads /app/src, changes /app/src"},
    {R"(find a -exec cp {} /opt/ \;)", "reads /app/a /app/a, writes /opt"},
    {"find a -exec sed -i s/a/b/ {} +", "reads /app/a /app/a, changes /app/a"},
    {R"(find a -exec sh -c 'x' \;)", "reads /app/a ?, writes ?, changes ?, removes ?, mode ?, owner ?"},
    {"find a -fprint list", "reads /app/a, writes /app/list"},
    {"find -L $DIR -delete", "reads ?, removes ?"},
    {"patch -p1 -i a.patch", "reads /app/a.patch, writes /app"},
    {"patch -d /opt -p0 < a.patch", "reads /app/a.patch, writes /opt"},
    {"curl https://example.com", ""},
    {"curl -fsSL https://example.com/a -o /usr/bin/a", "writes /usr/bin/a"},
    {"curl -fsSLo a https://example.com/a", "writes /app/a"},
    {"curl -O https://example.com/a", "writes /app"},
    {"curl --output=a https://example.com/a", "writes /app/a"},
    {"curl -sSL -o - https://example.com/a", ""},
    {"curl -H 'A: b' -d data https://example.com", ""},
    {"curl -T a https://example.com", "reads /app/a"},
    {"curl https://example.com -o $FILE", "writes ?"},
    {"wget https://example.com/a", "writes /app"},
    {"wget -q -O a https://example.com/a", "writes /app/a"},
    {"wget -qO- https://example.com/a", ""},
    {"wget -qO /opt/a https://example.com/a", "writes /opt/a"},
    {"wget -nv -P /opt https://example.com/a", "writes /opt"},
    {"git clone https://example.com/a.git", "writes /app/a"},
    {"git clone --depth 1 -b v1 https://example.com/a.git /opt/a", "writes /opt/a"},
    {"git clone git@example.com:a/b", "writes /app/b"},
    {"git clone $URL", "writes ?"},
    {"git -C /opt/a checkout v1", "reads /opt/a, writes /opt/a, changes /opt/a"},
    {"git config --global user.name a", "writes ~/.gitconfig"},
    {"git config --system core.x y", "writes /etc/gitconfig"},
    {"git rev-parse HEAD", "reads /app"},
    {"git submodule update --init", "reads /app, writes /app, changes /app"},
    {"git --version", ""},
    {"gpg --batch --keyserver keys --recv-keys A", "writes ~/.gnupg"},
    {"gpg --verify a.asc a", "reads /app/a.asc /app/a, writes ~/.gnupg"},
    {"gpg --dearmor -o /usr/share/keyrings/a.gpg", "writes /usr/share/keyrings/a.gpg ~/.gnupg"},
    {"apt-key add a.key", "reads /app/a.key, writes /etc/apt"},
    {"useradd -m app", "writes /etc/group /etc/gshadow /etc/passwd /etc/shadow /etc/subgid /etc/subuid /home"},
    {"adduser -D -u 1000 app", "writes /etc/group /etc/gshadow /etc/passwd /etc/shadow /etc/subgid /etc/subuid /home"},
    {"groupadd -g 1000 app", "writes /etc/group /etc/gshadow"},
    {"usermod -aG docker app", "writes /etc/group /etc/gshadow /etc/passwd /etc/shadow /home"},
    {"userdel app", "writes /etc/group /etc/gshadow /etc/passwd /etc/shadow /etc/subgid /etc/subuid /home"},
    {"chpasswd", "writes /etc/passwd /etc/shadow"},
    {"ldconfig", "writes /etc/ld.so.cache /var/cache/ldconfig"},
    {"update-ca-certificates",
     "writes /etc/ca-certificates /etc/ca-certificates.conf /etc/ssl /usr/local/share/ca-certificates "
     "/usr/share/ca-certificates"},
    {"locale-gen en_US.UTF-8", "writes /etc/locale.gen /usr/lib/locale"},
    {"update-alternatives --set a b", "writes /etc/alternatives /usr /var/lib/dpkg/alternatives"},
    {"ssh-keyscan github.com >> ~/.ssh/known_hosts", "writes ~/.ssh/known_hosts"},
    {"./configure", "reads /app/configure ?, writes ?, changes ?, removes ?, mode ?, owner ?"},
    {"/opt/a/run --x", "reads /opt/a/run ?, writes ?, changes ?, removes ?, mode ?, owner ?"},
    {"make", "reads ?, writes ?, changes ?, removes ?, mode ?, owner ?"},
    {"bash -c 'cp a b'", "reads ?, writes ?, changes ?, removes ?, mode ?, owner ?"},
    {"sudo cp a b", "reads /app/a, writes /app/b"},
    {"env A=b touch c", "writes /app/c"},
    {"cd /opt && touch a", "writes /opt/a"},
    {"(cd /opt; mkdir a)", "writes /opt/a"},
    {"cp ~/a ~other/b /opt/", "reads ~/a ?, writes /opt/a /opt/b"},
    {"xargs rm", "reads ?, writes ?, changes ?, removes ?, mode ?, owner ?"},
    {"eval $A", "reads ?, writes ?, changes ?, removes ?, mode ?, owner ?, shell"},
    {"git clone -q https://example.com/a.git --branch v1 /opt/a", "writes /opt/a"},
    {"install -m755 -t /usr/bin a b",
     "reads /app/a /app/b, writes /usr/bin/a /usr/bin/b, mode 755=/usr/bin/a 755=/usr/bin/b"},
    {"rsync -a --delete src/ /opt/", "reads /app/src, writes /opt"},
    {"mkdir -p a && cp b a/", "reads /app/b, writes /app/a/b"},
    {"wget -i list -O a", "reads /app/list, writes /app/a"},
};

}  // namespace

TEST_CASE("what a command reads, writes, changes and removes") {
  for (const auto& row : rows) {
    CAPTURE(row.line);
    CHECK(describe(effects_of(row.line)) == row.effects);
  }
}

TEST_CASE("which modes make a file executable") {
  for (const auto* mode : {"+x", "a+x", "a+rx", "=rx", "755", "0755", "111", "4755"}) CHECK(makes_executable(mode));
  for (const auto* mode : {"", "-x", "u+x", "644", "0644", "750", "+r", "u=rwx,g=rx"})
    CHECK_FALSE(makes_executable(mode));
}

TEST_CASE("what only prints") {
  const auto prints = [](const char* line) { return effects_of(line).only_prints(); };
  for (const auto* line : {"echo a", "cat a", "grep a b", "test -f a", "sed s/a/b/ a", "find . -name a"})
    CHECK(prints(line));
  for (const auto* line : {"echo a > b", "rm a", "cd a", "export A=b", "sed -i s/a/b/ a", "make", "find . -delete"})
    CHECK_FALSE(prints(line));
}

TEST_CASE("what only does something to the files that it names") {
  const auto plain = [](const char* line) {
    const auto script = parse_script(
        LogicalText(line, 0), [](std::string_view) { return Value(); }, Value::known("/app"));
    return has_plain_effects(builtin_facts(), script.commands[0]);
  };
  for (const auto* line :
       {"cp a b", "sed -i 's/\\r$//' /run.sh", "sed -i -e 's/a/b/g' -e 's|c|d|' a b", "sed -ri s/a/b/I ./a"})
    CHECK_MESSAGE(plain(line), line);
  for (const auto* line :
       {"make", "sed s/a/b/ a", "sed -i 's/a/b/e' a", "sed -i 's/a/b/w c' a", "sed -i 's/a/b/; e rm x' a",
        "sed -i 1d a", "sed -i.bak s/a/b/ a", "sed -i -f a.sed b", "sed -i s/a/b/ /etc/apt/sources.list",
        "sed -i s/a/b/ *.sh", "sed -i s/a/b/ \"$A\"", "sed -i s/a/b/"})
    CHECK_FALSE_MESSAGE(plain(line), line);
}

TEST_CASE("which commands may change places") {
  const auto free = [](const char* one, const char* other) {
    CHECK(commutes(effects_of(one), effects_of(other)) == commutes(effects_of(other), effects_of(one)));
    return commutes(effects_of(one), effects_of(other));
  };
  CHECK(free("mkdir /opt/a", "cp a b"));
  CHECK(free("cat a", "cat a"));
  CHECK(free("rm -rf ~/.cache", "touch /srv/a"));
  CHECK(free("rm -f /tmp/*", "touch /srv/a"));
  CHECK(free("make", "true"));

  CHECK_FALSE(free("mkdir /opt", "touch /opt/a"));
  CHECK_FALSE(free("cp a b", "chmod +x b"));
  CHECK_FALSE(free("rm a", "cat a"));
  CHECK_FALSE(free("rm -f /opt/*", "touch /opt/a"));
  CHECK_FALSE(free("make", "cat a"));
  CHECK_FALSE(free("cp $FILE /opt/a", "touch /srv/a"));
  CHECK_FALSE(free("cd /opt", "touch /srv/a"));
  CHECK_FALSE(free("chown -R app /srv", "touch /srv/a"));
}

TEST_CASE("where tools write") {
  const auto written = [](const char* image, const std::string& line) {
    const Dockerfile file(std::string("FROM ") + image + "\nWORKDIR /app\nRUN " + line + '\n', builtin_facts(), {});
    const auto& step = file.stages()[0].steps[1];
    std::string text;
    describe(text, "", command_effects({file, file.stages()[0], step}, step.script->commands.back()).writes);
    return text;
  };
  CHECK(written("rust:1.81", "cargo build") == " /app/target");
  CHECK(written("rust:1.81", "cargo build --target-dir /out") == " /out");
  CHECK(written("rust:1.81", "CARGO_TARGET_DIR=/out cargo build") == " /out");
  CHECK(written("rust:1.81", "export CARGO_TARGET_DIR=/out && cargo build") == " /out");
  CHECK(written("rust:1.81", "CARGO_TARGET_DIR=$(pwd)/a cargo build") == " ?");
  CHECK(written("rust:1.81", "cargo build --manifest-path a/Cargo.toml") == " ?");
  CHECK(written("rust:1.81", "cargo build --artifact-dir /out > log") == " /app/target /out /app/log");
  CHECK(written("rust:1.81", "cargo install --path . --root /out") == " /app/target /out");
  CHECK(written("rust:1.81", "cargo install ripgrep") == " /app/target /usr/local/cargo/bin");
  CHECK(written("golang:1.22", "go build -o /out/app ./cmd") == " /out/app");
  CHECK(written("golang:1.22", "go build ./...") == " /app");
  CHECK(written("golang:1.22", "go install ./...") == " /go/bin");
  CHECK(written("golang:1.22", "GOBIN=/out go install ./...") == " /out");
  CHECK(written("golang:1.22", "export GOBIN=/out; go install ./...") == " /out");
  CHECK(written("golang:1.22", "go vet ./...").empty());
  CHECK(written("ruby:3.3", "bundle install --path vendor") == " /app/vendor");
  CHECK(written("ruby:3.3", "bundle config set path /gems && bundle install") == " /gems");
  CHECK(written("python:3.12", "pip install -t /out a") == " /usr/local /usr/lib /root/.cache /out");
  CHECK(written("node:22", "npm ci") == " /app/node_modules");
  CHECK(written("node:22", "npm install -g a") == " /app/node_modules /usr/local");
  CHECK(written("node:22", "npm run build -- --outDir dist") == " /app /app/dist");
  CHECK(written("debian:12", "apt-get install a") == " /bin /etc /lib /opt /sbin /usr /var");
  CHECK(written("alpine:3.20", "apk add a") == " ?");
  // Known by the table, and not acted upon yet.
  CHECK(written("debian:12", "curl -o /out/a https://example.com/a") == " ?");
  CHECK(written("debian:12", "find a -exec cp {} /opt/ +") == " /opt");
  CHECK(written("debian:12", "find a -exec sed -i s/a/b/ {} +") == " ?");
}

TEST_CASE("what a RUN does to a project") {
  const auto passes = [](const char* line, const char* directory) {
    const Dockerfile file(std::string("FROM python:3.12\nWORKDIR /app\nRUN ") + line + '\n', builtin_facts(), {});
    return commutes(project_effects({file, file.stages()[0], file.stages()[0].steps[1]}), writes_below(directory));
  };
  CHECK(passes("pip install requests", "/app"));
  CHECK(passes("apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*", "/app"));
  CHECK(passes("mkdir -p /data && chown 1000:1000 /data && chmod 755 /data", "/app"));
  CHECK(passes("rm -rf ~/.cache", "/root/app"));

  CHECK_FALSE(passes("pip install -r requirements.txt", "/app"));
  CHECK_FALSE(passes("mkdir cache", "/app"));
  CHECK_FALSE(passes("rm -rf ~/app/cache", "/root/app"));
  CHECK_FALSE(passes("make", "/app"));
  CHECK_FALSE(passes("cd /app && pip install requests", "/app"));
}

TEST_CASE("what a RUN removes or moves away") {
  const auto removal = [](const std::string& line, std::string_view path) {
    const Dockerfile file("FROM scratch\nWORKDIR /app\nRUN " + line + '\n', builtin_facts(), {});
    return removal_by(builtin_facts(), file.stages()[0].steps[1], path);
  };
  CHECK(removal("rm -rf config", "/app/config") == Removal::yes);
  CHECK(removal("rm -rf config", "/app/config/a.yml") == Removal::yes);
  CHECK(removal("rm -rf config/a.yml", "/app/config") == Removal::no);
  CHECK(removal("mv config /etc/conf", "/app/config") == Removal::yes);
  CHECK(removal("cp -r config /etc/conf", "/app/config") == Removal::no);
  CHECK(removal("rm *.txt", "/app/a.txt") == Removal::yes);
  CHECK(removal("rm -rf *", "/app/config") == Removal::yes);
  CHECK(removal("rm -rf *", "/app/.env") == Removal::no);
  CHECK(removal("rm -r config || true", "/app/config") == Removal::perhaps);
  CHECK(removal("if test -e a; then rm config; fi", "/app/config") == Removal::perhaps);
  CHECK(removal("rm -rf \"$DIRECTORY\"", "/app/config") == Removal::perhaps);
  CHECK(removal("rm -rf ~/.cache", "/app/config") == Removal::no);
}
