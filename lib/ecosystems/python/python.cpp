// Python: pip and the other package managers.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/python/caches.hpp"
#include "ecosystems/python/effects.hpp"
#include "ecosystems/python/imports.hpp"
#include "ecosystems/python/installer.hpp"
#include "ecosystems/python/interpreter.hpp"
#include "ecosystems/python/manifests.hpp"
#include "ecosystems/python/refusal.hpp"
#include "ecosystems/python/runtime.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"pip", "pipx", "uv", "poetry", "pipenv", "pdm", "python-environment"};

// What its tools leave in a project, wherever they run.
using Holds = GeneratedDirectory::Holds;
constexpr GeneratedDirectory generated[] = {
    {.path = ".venv",
     .beside = "requirements*.txt pyproject.toml Pipfile setup.py manage.py",
     .holds = Holds::packages,
     .made_by = "[tool.uv [tool.pdm .venv",
     .made_with = "uv.lock pdm.lock",
     .of_any_installation = true,
     .proof = "pyvenv.cfg"},
    {.path = "venv",
     .beside = "requirements*.txt pyproject.toml Pipfile setup.py manage.py",
     .holds = Holds::packages,
     .may_be_written = true,
     .made_by = "virtualenv",
     .of_any_installation = true,
     .proof = "pyvenv.cfg"},
    {.path = "__pycache__",
     .beside = "*.py requirements*.txt pyproject.toml",
     .holds = Holds::remains,
     .anywhere = true},
    {.path = ".pytest_cache",
     .beside = "requirements*.txt pyproject.toml setup.py",
     .holds = Holds::remains,
     .made_by = "pytest"},
    {.path = ".mypy_cache",
     .beside = "requirements*.txt pyproject.toml setup.py",
     .holds = Holds::remains,
     .made_by = "mypy"},
    {.path = ".ruff_cache",
     .beside = "requirements*.txt pyproject.toml setup.py",
     .holds = Holds::remains,
     .made_by = "ruff"},
    {.path = ".tox", .beside = "tox.ini", .holds = Holds::remains},
};

// Packages and settings that take a version from Git's data.
constexpr std::string_view git_readers[] = {
    "check-manifest",
    "flit-scm",
    "flit_scm",
    "pyscaffold",
    "source = \"scm\"",
    "source=\"scm\"",
    "use_pyscaffold",
    "git-authors",
    "git-committers",
    "git-revision-date",
    "last-updated-by-git",
    "last_updated_by_git",
    "setuptools_scm",
    "setuptools-scm",
    "versioneer",
    "hatch-vcs",
    "hatch_vcs",
    "hatch-version",
    "dunamai",
    "dynamic-versioning",
    "dynamic_versioning",
    "uv-dynamic",
    "pbr",
    "setuptools-git",
    "setuptools_git",
    "versioningit",
    "versionfromvcs",
    "poetry-version-plugin",
    "miniver",
    "vcversioner",
    "setupmeta",
    "pygit2",
    "GitPython",
    "gitpython",
    "import git",
    "from git ",
    "vcs-versioning",
    "autosemver",
    "katver",
    "source = \"vcs\"",
    "source = 'vcs'",
    "source = \"scm\"",
    "type = \"scm\"",
    "git-python",
    "dulwich",
    "git_version",
};

// `get_default_release` in https://github.com/getsentry/sentry-python/blob/master/sentry_sdk/utils.py
constexpr GitQuestion git_questions[] = {
    {.word = "sentry_sdk.init", .answer = "release", .variable = "SENTRY_RELEASE", .when_it_starts = true},
    {.word = "sentry_sdk import init", .answer = "release", .variable = "SENTRY_RELEASE", .when_it_starts = true},
};

// Packages and programs that read settings from a file in the project. Of the last ones:
// https://docs.chainlit.io/backend/env-variables, https://github.com/BerriAI/litellm/blob/main/litellm/__init__.py,
// https://docs.dagster.io/guides/operate/configuration/using-environment-variables-and-secrets,
// https://docs.meltano.com/guide/configuration, https://docs.prefect.io/v3/concepts/settings-and-profiles,
// https://honcho.readthedocs.io/en/latest/using_procfiles.html#environment-files,
// https://pipenv.pypa.io/en/latest/shell.html#automatic-loading-of-env.
constexpr std::string_view settings_readers[] = {
    "dotenv",       "environs",     "import environ",   "decouple", "pydantic-settings", "pydantic_settings",
    "BaseSettings", "dynaconf",     "starlette.config", "env_file", "load_env",          "chainlit",
    "crewai",       "litellm",      "dagster",          "meltano",  "prefect",           "honcho",
    "pipenv run",   "pipenv shell",
};

}  // namespace

extern constinit const Ecosystem python = {
    .id = "python",
    .language = "python",
    .tools = tools,
    .cache_hazards = python_cache_hazards,
    .kept_directories = python_kept_directories,
    .effects = python_effects,
    .derived_manifests = exported_requirements,
    .other_effects = poetry_installer_effects,
    .installation = python_installation,
    .manifests = python_manifests,
    .dependency_layer = python_dependency_layer,
    .dependency_step = python_dependency_step,
    .generated_directories = generated,
    .git_readers = git_readers,
    .git_questions = git_questions,
    .settings_readers = settings_readers,
    .local_imports = python_local_imports,
    .refusal = python_refusal,
    .runtime = &python_runtime,
    .interpreter = &python_interpreter,
};

}  // namespace dockhew::inline ecosystems
