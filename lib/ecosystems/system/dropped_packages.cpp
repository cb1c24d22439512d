#include "ecosystems/system/dropped_packages.hpp"

#include <algorithm>
#include <iterator>

#include "ecosystems/system/runtime_packages.hpp"
#include "facts/facts.hpp"

namespace dockhew::inline ecosystems {
namespace {

struct Row {
  std::string_view package;
  DroppedPackage dropped;
};
constexpr Row rows[] = {
    {"chromium-browser", {"buster", "chromium"}},
    {"dh-systemd", {"buster", "debhelper", true}},
    {"exa", {"bookworm", "eza"}},
    {"g++-10", {"bullseye", "g++"}},
    {"gcc-10", {"bullseye", "gcc"}},
    {"gconf-service", {"bookworm", ""}},
    {"libaio1", {"bookworm", "libaio1t64"}},
    {"libappindicator1", {"bookworm", ""}},
    {"libatlas-base-dev", {"bookworm", ""}},
    {"libavresample-dev", {"bullseye", "libswresample-dev"}},
    {"libcurl3", {"buster", "libcurl4"}},
    {"libegl1-mesa", {"bookworm", "libegl1", true}},
    {"libenchant-dev", {"buster", "libenchant-2-dev"}},
    {"libenchant1c2a", {"buster", "libenchant-2-2"}},
    {"libffi6", {"buster", ""}},
    {"libgconf-2-4", {"bookworm", ""}},
    {"libgdk-pixbuf2.0-0", {"bookworm", "libgdk-pixbuf-2.0-0", true}},
    {"libgdk-pixbuf2.0-dev", {"bookworm", "libgdk-pixbuf-2.0-dev", true}},
    {"libgl1-mesa-glx", {"bookworm", "libgl1", true}},
    {"libmariadbclient-dev", {"buster", "libmariadb-dev", true}},
    {"libmysqlclient-dev", {"buster", "default-libmysqlclient-dev", true}},
    {"libncurses5", {"bookworm", "libncurses6"}},
    {"libodbc1", {"bookworm", "libodbc2"}},
    {"libopenblas-base", {"bullseye", "libopenblas0"}},
    {"libpcre3", {"bookworm", ""}},
    {"libpcre3-dev", {"bookworm", "libpcre2-dev"}},
    {"libpng12-0", {"jessie", "libpng16-16"}},
    {"libpng12-dev", {"jessie", "libpng-dev", true}},
    {"libssl1.0.0", {"jessie", ""}},
    {"libssl1.0.2", {"stretch", ""}},
    {"libssl1.1", {"bullseye", "libssl3"}},
    {"libtbb2", {"bullseye", "libtbb12"}},
    {"libtiff5", {"bullseye", "libtiff6"}},
    {"libtinfo5", {"bookworm", "libtinfo6"}},
    {"libwebkit2gtk-4.0-37", {"bookworm", "libwebkit2gtk-4.1-0"}},
    {"libwebkit2gtk-4.0-dev", {"bookworm", "libwebkit2gtk-4.1-dev"}},
    {"libwebp6", {"bullseye", "libwebp7"}},
    {"libzip4", {"bookworm", "libzip5"}},
    {"lsb-core", {"buster", "lsb-release"}},
    {"mime-support", {"bookworm", "media-types"}},
    {"mlocate", {"bookworm", "plocate"}},
    {"mysql-client", {"buster", "default-mysql-client", true}},
    {"mysql-server", {"buster", "default-mysql-server"}},
    {"neofetch", {"bookworm", "fastfetch"}},
    {"netcat", {"bullseye", "netcat-openbsd"}},
    {"nodejs-legacy", {"stretch", "nodejs"}},
    {"ntp", {"bookworm", "ntpsec"}},
    {"ntpdate", {"bookworm", "ntpsec-ntpdate"}},
    {"openjdk-11-jdk", {"bullseye", "default-jdk"}},
    {"openjdk-11-jdk-headless", {"bullseye", "default-jdk-headless"}},
    {"openjdk-11-jre", {"bullseye", "default-jre"}},
    {"openjdk-11-jre-headless", {"bullseye", "default-jre-headless"}},
    {"openjdk-17-jdk", {"bookworm", "default-jdk"}},
    {"openjdk-17-jdk-headless", {"bookworm", "default-jdk-headless"}},
    {"openjdk-17-jre", {"bookworm", "default-jre"}},
    {"openjdk-17-jre-headless", {"bookworm", "default-jre-headless"}},
    {"openjdk-8-jdk", {"buster", "default-jdk"}},
    {"openjdk-8-jre", {"buster", "default-jre"}},
    {"openjdk-8-jre-headless", {"buster", "default-jre-headless"}},
    {"phantomjs", {"buster", ""}},
    {"php7.4", {"bullseye", "php"}},
    {"php7.4-cli", {"bullseye", "php-cli"}},
    {"php7.4-fpm", {"bullseye", "php-fpm"}},
    {"policykit-1", {"bookworm", "polkitd"}},
    {"postgresql-client-11", {"buster", "postgresql-client"}},
    {"postgresql-client-12", {"buster", "postgresql-client"}},
    {"postgresql-client-13", {"bullseye", "postgresql-client"}},
    {"postgresql-client-15", {"bookworm", "postgresql-client"}},
    {"python", {"bullseye", "python3"}},
    {"python-all-dev", {"bullseye", "python3-all-dev"}},
    {"python-cffi", {"buster", "python3-cffi"}},
    {"python-dbus", {"buster", "python3-dbus"}},
    {"python-dev", {"bullseye", "python3-dev"}},
    {"python-gi", {"buster", "python3-gi"}},
    {"python-jinja2", {"bullseye", "python3-jinja2"}},
    {"python-lxml", {"buster", "python3-lxml"}},
    {"python-matplotlib", {"buster", "python3-matplotlib"}},
    {"python-mysqldb", {"buster", "python3-mysqldb"}},
    {"python-numpy", {"buster", "python3-numpy"}},
    {"python-opencv", {"buster", "python3-opencv"}},
    {"python-openssl", {"buster", "python3-openssl"}},
    {"python-pil", {"buster", "python3-pil"}},
    {"python-pip", {"buster", "python3-pip"}},
    {"python-psycopg2", {"buster", "python3-psycopg2"}},
    {"python-pygments", {"buster", "python3-pygments"}},
    {"python-requests", {"buster", "python3-requests"}},
    {"python-scipy", {"buster", "python3-scipy"}},
    {"python-serial", {"buster", "python3-serial"}},
    {"python-setuptools", {"bullseye", "python3-setuptools"}},
    {"python-six", {"bullseye", "python3-six"}},
    {"python-tk", {"bullseye", "python3-tk"}},
    {"python-virtualenv", {"buster", "python3-virtualenv"}},
    {"python-wheel", {"buster", "python3-wheel"}},
    {"python-yaml", {"buster", "python3-yaml"}},
    {"python2", {"bullseye", ""}},
    {"python2-dev", {"bullseye", ""}},
    {"python2.7", {"bullseye", ""}},
    {"python2.7-dev", {"bullseye", ""}},
    {"python3-distutils", {"bookworm", ""}},
    {"python3.11", {"bookworm", "python3"}},
    {"python3.11-dev", {"bookworm", "python3-dev"}},
    {"python3.11-venv", {"bookworm", "python3-venv"}},
    {"python3.9", {"bullseye", "python3"}},
    {"python3.9-dev", {"bullseye", "python3-dev"}},
    {"python3.9-venv", {"bullseye", "python3-venv"}},
    {"qt5-default", {"buster", "qtbase5-dev"}},
    {"software-properties-common", {"bookworm", ""}},
    {"ttf-dejavu", {"buster", "fonts-dejavu", true}},
    {"ttf-freefont", {"buster", "fonts-freefont-ttf", true}},
    {"wkhtmltopdf", {"bookworm", ""}},
    {"youtube-dl", {"bookworm", "yt-dlp"}},
};

// Sources: https://github.com/docker-library/docker/issues/240 for Python,
// https://github.com/ScottBrenner/generate-changelog-action/issues/32 for npm, and the release notes of 3.16, which
// dropped Python 2 and PHP 7.
constexpr Row of_alpine[] = {
    {"nodejs-npm", {"3.13", "npm", true}},   {"python", {"3.11", "python3"}},
    {"python-dev", {"3.11", "python3-dev"}}, {"python2", {"3.15", ""}},
    {"python2-dev", {"3.15", ""}},
};

std::optional<DroppedPackage> find_dropped_of_alpine(std::string_view release, std::string_view package) {
  const bool is_php = package == "php7" || package.starts_with("php7-");
  const DroppedPackage php{"3.15", ""};
  const auto row = std::ranges::lower_bound(of_alpine, package, {}, &Row::package);
  const bool is_row = row != std::end(of_alpine) && row->package == package;
  if (!is_php && !is_row) return std::nullopt;
  const auto& dropped = is_php ? php : row->dropped;
  if (release.empty() || release == dropped.last || !version_at_least(release, dropped.last)) return std::nullopt;
  return dropped;
}

}  // namespace

std::optional<DroppedPackage> find_dropped_package(std::string_view distribution, std::string_view release,
                                                   std::string_view package) {
  if (distribution == "alpine") return find_dropped_of_alpine(release, package);
  if (distribution != "debian") return std::nullopt;
  const auto row = std::ranges::lower_bound(rows, package, {}, &Row::package);
  if (row == std::end(rows) || row->package != package || release == row->dropped.last ||
      !is_of_or_after(release, row->dropped.last))
    return std::nullopt;
  return row->dropped;
}

// APT 3, which came with trixie, has no `apt-key`. Looked for in the packages of bookworm and trixie.
std::string_view instead_of_dropped_program(std::string_view distribution, std::string_view release,
                                            std::string_view program) {
  if (distribution != "debian" || program != "apt-key" || !is_of_or_after(release, "trixie")) return {};
  return "put the key into a file, and name that in the source with `signed-by`";
}

}  // namespace dockhew::inline ecosystems
