// Images as values: how they are compared, and what a program in one of them needs. Headers of ELF files are written
// here by hand, so that no compiler decides what is tested.
#include <doctest/doctest.h>

#include "image/comparison.hpp"
#include "image/path_classes.hpp"
#include "image/program_needs.hpp"

using namespace dockhew;

namespace {

ImageFile regular(std::uint64_t content, std::uint32_t mode = 0644) {
  ImageFile file;
  file.mode = mode;
  file.size = 10;
  file.digest = {content, 0};
  return file;
}

ImageFile directory() {
  ImageFile file;
  file.type = FileType::directory;
  file.mode = 0755;
  return file;
}

ImageFile link_to(const std::string& target) {
  ImageFile file;
  file.type = FileType::symbolic_link;
  file.link = target;
  return file;
}

ImageFile program(const std::string& interpreter, std::vector<std::string> libraries = {}, std::string path = "") {
  auto file = regular(1, 0755);
  file.elf = std::make_shared<const ElfNeeds>(ElfNeeds{interpreter, std::move(libraries), std::move(path)});
  return file;
}

Image image_with(std::map<std::string, ImageFile> files) {
  Image image;
  // Every file is in directories that exist.
  for (const auto& [path, file] : files)
    for (auto slash = path.find('/', 1); slash != path.npos; slash = path.find('/', slash + 1))
      image.files.try_emplace(path.substr(0, slash), directory());
  for (auto& [path, file] : files) image.files[path] = std::move(file);
  return image;
}

void put(std::string& bytes, std::size_t at, std::uint64_t value, std::size_t size) {
  if (bytes.size() < at + size) bytes.resize(at + size);
  for (std::size_t i = 0; i < size; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

// A 64-bit program with a loader, one library and a search path: headers at 64, strings at 0x200, dynamic at 0x300.
std::string elf_bytes() {
  std::string bytes(
      "\x7f"
      "ELF\x02\x01\x01",
      7);
  put(bytes, 32, 64, 8);  // program headers
  put(bytes, 54, 56, 2);  // size of one
  put(bytes, 56, 3, 2);   // how many
  const auto header = [&](std::size_t i, std::uint64_t type, std::uint64_t offset, std::uint64_t address,
                          std::uint64_t size) {
    const auto at = 64 + i * 56;
    put(bytes, at, type, 4), put(bytes, at + 8, offset, 8), put(bytes, at + 16, address, 8),
        put(bytes, at + 32, size, 8);
  };
  header(0, 1, 0, 0x1000, 0x400);
  header(1, 3, 0x220, 0x1220, 16);
  header(2, 2, 0x300, 0x1300, 64);
  bytes.resize(0x400);
  bytes.replace(0x201, 9, std::string("libx.so.1"));
  bytes.replace(0x210, 11, std::string("$ORIGIN/lib"));
  bytes.replace(0x220, 14, std::string("/lib/ld.so.2\0\0", 14));
  const std::pair<std::uint64_t, std::uint64_t> entries[] = {{1, 1}, {29, 0x10}, {5, 0x1200}, {0, 0}};
  for (std::size_t i = 0; i < 4; ++i)
    put(bytes, 0x300 + i * 16, entries[i].first, 8), put(bytes, 0x308 + i * 16, entries[i].second, 8);
  return bytes;
}

}  // namespace

TEST_CASE("program headers are read, and nonsense is not") {
  const auto needs = read_elf(elf_bytes());
  REQUIRE(needs);
  CHECK(needs->interpreter == "/lib/ld.so.2");
  CHECK(needs->libraries == std::vector<std::string>{"libx.so.1"});
  CHECK(needs->search_path == "$ORIGIN/lib");
  CHECK(!read_elf("#!/bin/sh\n"));
  const auto whole = elf_bytes();
  for (std::size_t size = 0; size < whole.size(); ++size) (void)read_elf(whole.substr(0, size));  // never out of bounds
  for (std::size_t at = 4; at < whole.size(); ++at) {
    auto broken = whole;
    broken[at] = '\xff';
    (void)read_elf(broken);
  }
}

TEST_CASE("links are followed inside the image") {
  const auto image = image_with({{"/usr/bin/sh", regular(1)},
                                 {"/bin", link_to("usr/bin")},
                                 {"/usr/bin/loop", link_to("loop")},
                                 {"/etc/alternatives/x", link_to("/bin/sh")},
                                 {"/out", link_to("../../..")}});
  CHECK(find_file(image, "/bin/sh") != nullptr);
  CHECK(find_file(image, "/etc/alternatives/x") != nullptr);
  CHECK(find_file(image, "/out/usr/bin/sh") != nullptr);
  CHECK(find_file(image, "/bin/loop") == nullptr);
  CHECK(find_file(image, "/bin/none") == nullptr);
}

TEST_CASE("the program that starts must find its loader and its libraries") {
  auto image = image_with({{"/app/run", program("/lib64/ld.so", {"libc.so.6", "libown.so"}, "$ORIGIN/../lib")},
                           {"/lib64/ld.so", regular(2)},
                           {"/usr/lib/libc.so.6", program("")},
                           {"/lib/libown.so", program("", {"libdeep.so"})},
                           {"/opt/deep/libdeep.so", program("")}});
  image.configuration.entrypoint = {"/app/run"};
  CHECK(missing_needs(image).size() == 1);
  CHECK(missing_needs(image)[0] == "the library `libdeep.so` that `/app/../lib/libown.so` needs is not in the image");
  auto conf = regular(3);
  conf.text = "# more\n/opt/deep\n";
  image.files["/etc/ld.so.conf.d/deep.conf"] = conf;
  CHECK(missing_needs(image).empty());
  image.files.erase("/lib64/ld.so");
  CHECK(missing_needs(image).size() == 1);
  image.configuration.entrypoint = {"run"};
  CHECK(missing_needs(image) == std::vector<std::string>{"the program `run` is not in the image"});
  image.configuration.environment["PATH"] = "/usr/bin:/app";
  CHECK(missing_needs(image).size() == 1);
  image.configuration.entrypoint = {};
  CHECK(missing_needs(image).empty());
}

TEST_CASE("a script needs its interpreter, and a shell command its program") {
  auto script = regular(1, 0755);
  script.text = "#!/usr/bin/env python3";
  auto image = image_with({{"/srv/start", script}, {"/usr/bin/env", program("")}, {"/bin/sh", program("")}});
  image.configuration.directory = "/srv";
  image.configuration.command = {"./start"};
  CHECK(missing_needs(image) ==
        std::vector<std::string>{"the interpreter `python3` of `/srv/start` is not in the image"});
  image.files["/usr/bin/python3"] = program("");
  CHECK(missing_needs(image).empty());
  image.configuration.command = {"/bin/sh", "-c", "exec serve --port 80"};
  CHECK(missing_needs(image) == std::vector<std::string>{"the program `serve` is not in the image"});
  image.configuration.command = {"/bin/sh", "-c", "cd /x && serve"};  // not analyzed
  CHECK(missing_needs(image).empty());
}

TEST_CASE("an image may be made to be searched for ever") {
  // Libraries that need one another, deeper than any stack.
  std::map<std::string, ImageFile> files;
  constexpr int count = 100'000;
  for (int i = 0; i < count; ++i)
    files["/lib/l" + std::to_string(i)] = program("", {"l" + std::to_string(i + 1), "l" + std::to_string(i / 2)});
  files["/app"] = program("", {"l0"});
  auto image = image_with(std::move(files));
  image.configuration.command = {"/app"};
  const auto needs = missing_needs(image);
  CHECK(needs == std::vector<std::string>{"more libraries are needed than are looked for"});
  // Very many directories, in which nothing is.
  auto& directories = image.configuration.environment["LD_LIBRARY_PATH"];
  for (int i = 0; i < count; ++i) directories += ":/d" + std::to_string(i);
  image.files.erase("/lib/l1");
  CHECK(missing_needs(image) == std::vector<std::string>{"the library `l1` that `/lib/l0` needs is not in the image"});
}

TEST_CASE("the loader of musl stands for its library only where it is") {
  auto image = image_with({{"/app", program("/lib/ld-musl-x86_64.so.1", {"libc.musl-x86_64.so.1"})}});
  image.configuration.command = {"/app"};
  CHECK(missing_needs(image) ==
        std::vector<std::string>{"the loader `/lib/ld-musl-x86_64.so.1` of `/app` is not in the image"});
}

TEST_CASE("only differences that matter to those who run the image are reported") {
  auto before = image_with({{"/app/a", regular(1)},
                            {"/app/b", regular(2, 0755)},
                            {"/var/log/apt/x.log", regular(3)},
                            {"/app/l", link_to("a")},
                            {"/root/.cache/pip/http/1", regular(4)}});
  auto after = before;
  CHECK(compare_images(before, after, {}, kind_of_file).equivalent());
  after.files["/var/log/apt/x.log"] = regular(9);
  after.files.erase("/root/.cache/pip/http/1");
  after.files["/usr/lib/python3/__pycache__/a.cpython-311.pyc"] = regular(5);
  const auto ignored = compare_images(before, after, {}, kind_of_file);
  CHECK(ignored.equivalent());
  CHECK(ignored.ignored.at("logs").files == 1);
  CHECK(ignored.ignored.at("package-manager caches").files == 1);
  CHECK(ignored.ignored.at("byte code").files == 1);

  after.files["/app/b"] = regular(2, 0644);
  after.files["/app/a"] = regular(7);
  after.files["/app/l"] = link_to("b");
  after.files["/app/new"] = regular(8);
  after.configuration.environment["A"] = "1";
  after.configuration.user = "1000";
  const auto changed = compare_images(before, after, {}, kind_of_file);
  REQUIRE(changed.files.size() == 4);
  CHECK(changed.files[0].what == "/app/a");
  CHECK(changed.files[0].after == "10 bytes, mode 0644, owner 0:0, other content");
  CHECK(changed.files[1].after == "10 bytes, mode 0644, owner 0:0");
  CHECK(changed.files[2].before == "link to a");
  CHECK(changed.files[3].before.empty());
  REQUIRE(changed.configuration.size() == 2);
  CHECK(changed.configuration[0].what == "USER");
  CHECK(changed.configuration[1].what == "ENV A");
  CHECK(!changed.equivalent());
}

TEST_CASE("an intentional change of the base image drops files and variables of the old one") {
  auto before =
      image_with({{"/usr/local/go/bin/go", regular(1)}, {"/usr/bin/web", program("")}, {"/src/main.go", regular(2)}});
  before.configuration.environment = {{"GOPATH", "/go"}, {"PORT", "80"}};
  before.configuration.entrypoint = {"/usr/bin/web"};
  auto after = image_with({{"/usr/bin/web", program("")}, {"/etc/debian_version", regular(3)}});
  after.configuration.environment = {{"PORT", "80"}};
  after.configuration.entrypoint = {"/usr/bin/web"};
  const Own own{{"PORT"}, true, false, {}, false};
  const auto same = compare_converted(before, after, own, kind_of_file);
  CHECK(same.equivalent());
  CHECK(same.dropped.at("a toolchain").files == 1);
  CHECK(same.dropped.at("sources and other files").files == 1);
  after.configuration.environment.clear();
  CHECK(compare_converted(before, after, own, kind_of_file).configuration.size() == 1);
  after.files.erase("/usr/bin/web");
  CHECK(compare_converted(before, after, own, kind_of_file).missing.size() == 1);
}

static const Own of_app{{}, false, false, {"/app"}, false};

TEST_CASE("application files that both images have are compared, whatever the base images are") {
  auto before =
      image_with({{"/app/a.js", regular(1)}, {"/app/node_modules/a.js", regular(1)}, {"/etc/os", regular(1)}});
  auto after = image_with({{"/app/a.js", regular(2)}, {"/app/node_modules/a.js", regular(2)}, {"/etc/os", regular(2)}});
  before.configuration.directory = after.configuration.directory = "/app";
  const auto changed = compare_converted(before, after, of_app, kind_of_file);
  REQUIRE(changed.files.size() == 1);
  CHECK(changed.files[0].what == "/app/a.js");
}

TEST_CASE("a non-root user must own the working directory as before") {
  ImageFile own, of_root;
  own.type = of_root.type = FileType::directory;
  own.user = 1000;
  auto before = image_with({{"/app", own}, {"/etc/x", own}});
  auto after = image_with({{"/app", of_root}, {"/etc/x", of_root}});
  before.configuration.directory = after.configuration.directory = "/app";
  CHECK(compare_converted(before, after, of_app, kind_of_file).files.empty());
  before.configuration.user = after.configuration.user = "1000";
  const auto changed = compare_converted(before, after, of_app, kind_of_file);
  REQUIRE(changed.files.size() == 1);
  CHECK(changed.files[0].what == "/app");
}

TEST_CASE("classes of paths") {
  CHECK(ignorable_class("/var/lib/apt/lists/x") == "package-manager caches");
  CHECK(ignorable_class("/var/lib/apt/extended_states").empty());
  CHECK(ignorable_class("/usr/local/bundle/cache/rake-13.0.6.gem") == "package-manager caches");
  CHECK(ignorable_class("/usr/local/bundle/gems/rake-13.0.6").empty());
  CHECK(ignorable_class("/home/app/.npm/_cacache/x") == "package-manager caches");
  CHECK(ignorable_class("/root/.cache/ms-playwright/x").empty());
  CHECK(ignorable_class("/app/target/release/deps/x.o") == "build intermediates");
  CHECK(ignorable_class("/app/target/release/app").empty());
  CHECK(ignorable_class("/app/tsconfig.tsbuildinfo") == "build intermediates");
  CHECK(ignorable_class("/usr/local/cargo/config.toml").empty());
  CHECK(kind_of_file("/usr/lib/go-1.19/pkg/x.a") == "static libraries");
  CHECK(kind_of_file("/usr/include/stdio.h") == "headers");
}
