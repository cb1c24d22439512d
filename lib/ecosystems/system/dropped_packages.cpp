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
    {"exa", {"bookworm", "eza"}},
    {"gconf-service", {"bookworm", ""}},
    {"libappindicator1", {"bookworm", ""}},
    {"libcurl3", {"buster", "libcurl4"}},
    {"libenchant1c2a", {"buster", "libenchant-2-2"}},
    {"libgconf-2-4", {"bookworm", ""}},
    {"libgl1-mesa-glx", {"bookworm", "libgl1"}},
    {"libmariadbclient-dev", {"buster", "libmariadb-dev"}},
    {"libmysqlclient-dev", {"buster", "default-libmysqlclient-dev"}},
    {"libncurses5", {"bookworm", "libncurses6"}},
    {"libpng12-dev", {"buster", "libpng-dev"}},
    {"libssl1.1", {"bullseye", "libssl3"}},
    {"libtiff5", {"bullseye", "libtiff6"}},
    {"libtinfo5", {"bookworm", "libtinfo6"}},
    {"libwebkit2gtk-4.0-37", {"bookworm", "libwebkit2gtk-4.1-0"}},
    {"lsb-core", {"buster", "lsb-release"}},
    {"mysql-client", {"buster", "default-mysql-client"}},
    {"mysql-server", {"buster", "default-mysql-server"}},
    {"neofetch", {"bookworm", "fastfetch"}},
    {"netcat", {"bullseye", "netcat-openbsd"}},
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
    {"policykit-1", {"bookworm", "polkitd"}},
    {"postgresql-client-11", {"buster", "postgresql-client"}},
    {"postgresql-client-12", {"buster", "postgresql-client"}},
    {"postgresql-client-13", {"bullseye", "postgresql-client"}},
    {"postgresql-client-15", {"bookworm", "postgresql-client"}},
    {"python", {"bullseye", "python3"}},
    {"python-dev", {"bullseye", "python3-dev"}},
    {"python-pip", {"buster", "python3-pip"}},
    {"python-setuptools", {"bullseye", "python3-setuptools"}},
    {"python2", {"bullseye", ""}},
    {"python3-distutils", {"bookworm", ""}},
    {"python3.11", {"bookworm", "python3"}},
    {"python3.11-dev", {"bookworm", "python3-dev"}},
    {"python3.9", {"bullseye", "python3"}},
    {"python3.9-dev", {"bullseye", "python3-dev"}},
    {"qt5-default", {"buster", "qtbase5-dev"}},
    {"software-properties-common", {"bookworm", ""}},
    {"ttf-dejavu", {"buster", "fonts-dejavu"}},
    {"ttf-freefont", {"buster", "fonts-freefont-ttf"}},
    {"wkhtmltopdf", {"bookworm", ""}},
};

// Sources: https://github.com/docker-library/docker/issues/240 for Python,
// https://github.com/ScottBrenner/generate-changelog-action/issues/32 for npm, and the release notes of 3.16, which
// dropped Python 2 and PHP 7.
constexpr Row of_alpine[] = {
    {"nodejs-npm", {"3.13", "npm"}}, {"python", {"3.11", "python3"}}, {"python-dev", {"3.11", "python3-dev"}},
    {"python2", {"3.15", ""}},       {"python2-dev", {"3.15", ""}},
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
