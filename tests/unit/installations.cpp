#include <doctest/doctest.h>

#include "example.hpp"

using namespace dockhew;

TEST_CASE("what an installation declares, and where it goes") {
  SUBCASE("packages of the distribution are of the image") {
    CHECK(installs("apt-get install -y curl", Declares::names, true));
    CHECK(installs("apk add curl", Declares::names, true));
    CHECK(installs("apt-get update", Declares::nothing));
  }
  SUBCASE("Node") {
    CHECK(installs("npm ci", Declares::manifest));
    CHECK(installs("yarn", Declares::manifest));
    CHECK(installs("npm install left-pad", Declares::names));
    CHECK(installs("npm install -g pnpm", Declares::names, true));
    CHECK(installs("yarn global add serve", Declares::names, true));
    CHECK(installs("npm install -g --prefix . serve", Declares::names));
    CHECK(installs("npm ci --prefix client", Declares::nothing));
    CHECK(installs("npm run build", Declares::nothing));
  }
  SUBCASE("Python") {
    CHECK(installs("pip install flask", Declares::names, true));
    CHECK(installs("pip install --target lib flask", Declares::names));
    CHECK(installs("pip install -r requirements.txt", Declares::manifest));
    CHECK(installs("pip install -r requirements.txt flask", Declares::names, true));
    CHECK(installs("pip install -e .", Declares::nothing));
    CHECK(installs("uv pip install -r requirements.txt", Declares::manifest));
    CHECK(installs("uv sync", Declares::project));
    CHECK(installs("uv sync --no-install-project", Declares::manifest));
    CHECK(installs("poetry install --no-root", Declares::manifest));
    CHECK(installs("poetry add flask", Declares::names));
    CHECK(installs("pipenv sync", Declares::manifest));
  }
  SUBCASE("others") {
    CHECK(installs("composer install", Declares::project));
    CHECK(installs("composer install --no-scripts", Declares::project));
    CHECK(installs("composer install --no-scripts --no-autoloader", Declares::manifest));
    CHECK(installs("composer require a/b", Declares::names));
    CHECK(installs("bundle install", Declares::manifest));
    CHECK(installs("gem install rails", Declares::names, true));
    CHECK(installs("conda install numpy", Declares::names, true));
    CHECK(installs("conda env create", Declares::manifest));
    CHECK(installs("go mod download", Declares::manifest));
    CHECK(installs("go get example.com/a", Declares::nothing));
    CHECK(installs("cargo install ripgrep", Declares::names, true));
    CHECK(installs("cargo fetch", Declares::nothing));
    CHECK(installs("dotnet restore", Declares::manifest));
    CHECK(installs("dotnet tool restore", Declares::nothing));
    CHECK(installs("mix deps.get", Declares::manifest));
    CHECK(installs("mvn dependency:go-offline", Declares::manifest));
  }
}

TEST_CASE("packages that are installed by name need nothing of the source") {
  const auto by_name = [](const std::string& command) { return installs_by_name(Example(command).use()); };
  for (const auto* command : {"pip install flask==3", "npm install -g @angular/cli", "apt-get install -y curl",
                              "apt-get update", "npm cache clean --force", "corepack enable"})
    CHECK_MESSAGE(by_name(command), command);
  for (const auto* command : {"pip install .", "pip install flask -c versions.txt", "pip install *.whl",
                              "pip install --find-links wheels flask", "npm install left-pad", "npm install -g",
                              "apt-get install -y ./a.deb", "pip install $PACKAGES"})
    CHECK_FALSE_MESSAGE(by_name(command), command);
}
