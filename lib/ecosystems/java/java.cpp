// Java and what runs on its machine: Maven, Gradle and sbt.
#include "ecosystems/ecosystem.hpp"
#include "ecosystems/java/caches.hpp"
#include "ecosystems/java/dependency_step.hpp"
#include "ecosystems/java/manifests.hpp"
#include "ecosystems/java/refusal.hpp"
#include "ecosystems/java/runtime.hpp"
#include "ecosystems/java/started_archive.hpp"

namespace dockhew::inline ecosystems {
namespace {

constexpr std::string_view tools[] = {"maven", "gradle", "sbt"};

// What it is given was compiled.
constexpr std::string_view commands[] = {"java"};
constexpr Interpreter interpreter = {.commands = commands, .compiled = true};

// What its tools leave in a project, wherever they run.
using Holds = GeneratedDirectory::Holds;
constexpr GeneratedDirectory generated[] = {
    {.path = "target", .beside = "pom.xml", .holds = Holds::results},
    {.path = "build", .beside = "build.gradle build.gradle.kts", .holds = Holds::results, .may_be_written = true},
    {.path = "target", .beside = "build.sbt", .holds = Holds::results},
    {.path = ".gradle",
     .beside = "build.gradle build.gradle.kts settings.gradle settings.gradle.kts",
     .holds = Holds::remains},
};

// Packages and settings that take a version from Git's data.
constexpr std::string_view git_readers[] = {
    "git-commit-id",
    "jgitver",
    "buildnumber-maven",
    "gradle-git",
    "grgit",
    "git-version",
    "axion-release",
    "nebula.release",
    "ajoberstar.reckon",
    "jgit",
    "sbt-git",
    "dynver",
    "git-properties",
    "ratchetFrom",
    "gitflow",
    "com.mooltiverse",
    "git.properties",
    "GitVersion",
    "gitVersion",
    "git-versioning",
    "nemerosa.versioning",
    "shipkit-auto-version",
    "semantic-versioning",
};

// Packages that read settings from a file in the project.
constexpr std::string_view settings_readers[] = {
    "dotenv",
};

}  // namespace

extern constinit const Ecosystem java = {
    .id = "java",
    .language = "java",
    .tools = tools,
    .cache_hazards = java_cache_hazards,
    .installation = java_installation,
    .manifests = java_manifests,
    .dependency_layer = java_dependency_layer,
    .dependency_step = java_dependency_step,
    .generated_directories = generated,
    .git_readers = git_readers,
    .git_questions = {},
    .settings_readers = settings_readers,
    .refusal = java_refusal,
    .runs_no_tool = java_runs_no_tool,
    .runtime = &java_runtime,
    .interpreter = &interpreter,
};

}  // namespace dockhew::inline ecosystems
