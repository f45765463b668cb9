#include "server/walk_plan.h"

#include "base/utf8.h"
#include "domain/walk_id.h"
#include "media/input_file.h"
#include "server/station_plan.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <toml++/toml.h>

#include <fmt/format.h>

namespace tutti::server {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFileName = "walk.toml";
constexpr std::uintmax_t kMostBytes = 1 << 20;

// Reads the keys of one table; the first thing that is wrong is kept.
class Reader {
 public:
  Reader(const toml::table& table, const std::string& name, std::optional<Error>& problem)
      : table_(table), name_(name), problem_(problem) {}

  void complain(const toml::source_region& where, std::string what) const {
    if (!problem_) problem_ = Error{fmt::format("{}, line {}: {}", name_, where.begin.line, what)};
  }

  std::string text(std::string_view key) const {
    const toml::node* node = table_.get(key);
    if (!node) return "";
    if (const auto* found = node->as_string()) return to_valid_utf8(found->get());
    complain(node->source(), fmt::format("{} is a text in quotes", key));
    return "";
  }

  std::vector<std::string> texts(std::string_view key) const {
    std::vector<std::string> out;
    const toml::node* node = table_.get(key);
    if (!node) return out;
    const auto* list = node->as_array();
    if (!list) complain(node->source(), fmt::format("{} is a list of texts: [\"en\", \"ru\"]", key));
    for (std::size_t i = 0; list && i < list->size(); ++i) {
      const auto* each = (*list)[i].as_string();
      if (!each) complain((*list)[i].source(), fmt::format("{} is a list of texts", key));
      if (each) out.push_back(to_valid_utf8(each->get()));
    }
    return out;
  }

  Millis seconds(std::string_view key) const {
    constexpr double kMost = 1e6;
    const toml::node* node = table_.get(key);
    const auto value = node ? node->value<double>() : std::nullopt;
    if (value && *value >= 0 && *value <= kMost) return Millis(std::llround(*value * 1000));
    complain(node ? node->source() : table_.source(),
             fmt::format("{} is a number of seconds from the asset's beginning: {} = 12.5", key, key));
    return Millis{0};
  }

  int volume() const {
    const toml::node* node = table_.get("volume");
    if (!node) return 100;
    const auto value = node->value<std::int64_t>();
    if (value && *value >= 0 && *value <= 100) return static_cast<int>(*value);
    complain(node->source(), "volume is a whole number from 0 to 100");
    return 100;
  }

  bool yes(std::string_view key) const {
    const toml::node* node = table_.get(key);
    const auto* value = node ? node->as_boolean() : nullptr;
    if (node && !value) complain(node->source(), fmt::format("{} is true or false", key));
    return value && value->get();
  }

  // What is misspelt would be passed over without a word.
  void expect_only(const std::set<std::string_view>& keys) const {
    for (const auto& [key, node] : table_) {
      if (keys.contains(key.str())) continue;
      std::string known;
      for (const auto& each : keys) known += (known.empty() ? "" : ", ") + std::string(each);
      complain(key.source(),
               fmt::format("'{}' is not known here; there are: {}", to_valid_utf8(key.str()), known));
    }
  }

 private:
  const toml::table& table_;
  const std::string& name_;
  std::optional<Error>& problem_;
};

WalkCue read_cue(const toml::table& table, const std::string& name, std::optional<Error>& problem) {
  const Reader read(table, name, problem);
  read.expect_only({"name", "asset", "a", "b", "note", "volume", "loop"});
  WalkCue cue;
  cue.name = read.text("name");
  if (cue.name.empty()) read.complain(table.source(), "a cue needs a name: name = \"bridge\"");
  const std::string asset = read.text("asset");
  if (!asset.empty()) cue.part.asset = walk_id(asset);
  cue.part.a = read.seconds("a");
  cue.part.b = read.seconds("b");
  if (cue.part.a >= cue.part.b) read.complain(table.source(), "a cue ends after it begins: a < b");
  cue.part.volume = read.volume();
  cue.part.loop = read.yes("loop");
  cue.note = read.text("note");
  return cue;
}

void read_titles(const toml::node& node, const std::string& name, WalkPlan& plan,
                 std::optional<Error>& problem) {
  const auto* list = node.as_table();
  const toml::table none;
  const Reader read(list ? *list : none, name, problem);
  if (!list) {
    return read.complain(node.source(), "assets is a table: [assets.forest], then title = \"Forest\"");
  }
  for (const auto& [id, value] : *list) {
    const auto* asset = value.as_table();
    if (!asset)
      return read.complain(value.source(), "an asset is a table: [assets.forest], then title = \"Forest\"");
    const Reader each(*asset, name, problem);
    each.expect_only({"title"});
    plan.assets.titles[walk_id(id.str())] = each.text("title");
  }
}

Result<std::string> read_all(const fs::path& path) {
  std::error_code error;
  if (fs::file_size(path, error) > kMostBytes || error)
    return fail(path.string() + " cannot be read, or is too long");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return fail("cannot read " + path.string());
  return text.str();
}

}  // namespace

Result<void> read_walk_toml(std::string_view text, const std::string& name, WalkPlan& plan) {
  std::optional<Error> problem;
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& error) {
    return fail(fmt::format("{}, line {}: {}", name, error.source().begin.line, error.description()));
  }
  const Reader read(table, name, problem);
  read.expect_only({"title", "text", "welcome", "languages", "cue", "assets"});
  plan.about = {read.text("title"), read.text("text"), read.text("welcome"), read.texts("languages")};
  if (const auto* node = table.get("assets")) read_titles(*node, name, plan, problem);
  if (const auto* node = table.get("cue")) {
    const auto* list = node->as_array();
    if (!list) read.complain(node->source(), "a cue begins with [[cue]], in two pairs of brackets");
    std::set<std::string> names;
    for (std::size_t i = 0; list && !problem && i < list->size(); ++i) {
      const auto* each = (*list)[i].as_table();
      if (!each) read.complain((*list)[i].source(), "a cue begins with [[cue]]");
      if (!each) break;
      plan.sheet.push_back(read_cue(*each, name, problem));
      if (!names.insert(plan.sheet.back().name).second) {
        read.complain(each->source(), "another cue is called '" + plan.sheet.back().name + "' too");
      }
    }
    if (plan.sheet.size() > Walk::kMostCues) {
      read.complain(node->source(), fmt::format("a sheet has at most {} cues", Walk::kMostCues));
    }
  }
  if (problem) return tl::make_unexpected(*problem);
  return {};
}

Result<WalkPlan> plan_walk(const std::string& name) {
  WalkPlan plan;
  fs::path toml;
  if (auto folder = find_folder(name)) {
    plan.path = plan.assets.folder = std::move(*folder);
    toml = fs::path(plan.path) / kFileName;
  } else {
    auto file = find_file(name);
    if (!file) return fail("--walk: there is no such folder or file: " + name);
    plan.path = *file;
    if (plan.path.ends_with(".toml")) {
      toml = plan.path;
      plan.assets.folder = toml.parent_path();
    } else {
      const auto opened = media::InputFile::open(*file);
      if (!opened) return fail("--walk: " + opened.error().message);
      plan.assets.file = (*opened)->stamp();
    }
  }
  std::error_code ignored;
  if (!toml.empty() && fs::exists(toml, ignored)) {
    const auto text = read_all(toml);
    if (!text) return tl::make_unexpected(text.error());
    if (auto read = read_walk_toml(*text, toml.string(), plan); !read)
      return tl::make_unexpected(read.error());
  }
  if (plan.about.title.empty()) {
    plan.about.title = to_valid_utf8(file_stem(fs::path(plan.path).filename().string()));
  }
  return plan;
}

}  // namespace tutti::server
