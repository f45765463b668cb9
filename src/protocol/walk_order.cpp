// What a conductor asks for.
#include "protocol/small_json.h"
#include "protocol/walk_json.h"

#include <cmath>

namespace tutti::protocol {
namespace {

namespace json = boost::json;
using sendspin::Fields;

constexpr double kMostSeconds = 1e6;
constexpr std::size_t kMostBodyBytes = 512 * 1024;

// Seconds of up to 3 decimals, as milliseconds.
std::optional<Millis> seconds(const Fields& fields, std::string_view name) {
  const json::value* found = fields.find(name);
  if (!found || found->is_null()) return std::nullopt;
  boost::system::error_code error;
  const double number = found->is_number() ? found->to_number<double>(error) : std::nan("");
  const double millis = number * 1000;
  // What is printed with three decimals is not always read as a whole number of thousandths.
  const bool fits = number >= 0 && number <= kMostSeconds && std::abs(millis - std::round(millis)) < 1e-4;
  if (!fits) fields.complain(name, "a number of seconds with up to 3 decimals");
  if (!fits) return std::nullopt;
  return Millis(std::llround(millis));
}

std::optional<Millis> millis(const Fields& fields, std::string_view name) {
  const auto number = fields.integer(name, 0, 1'000'000'000);
  if (!number) return std::nullopt;
  return Millis(*number);
}

WalkOrder read_cue(const Fields& fields) {
  CueOrder out;
  out.name = fields.text("name");
  out.asset = fields.text("asset");
  if (!out.name) {
    out.a = fields.must(seconds(fields, "a"), "a");
    out.b = fields.must(seconds(fields, "b"), "b");
  }
  out.volume = fields.volume("volume");
  out.loop = fields.boolean("loop");
  out.lead = millis(fields, "lead_ms");
  return out;
}

WalkOrder read_message(const Fields& fields) {
  return MessageOrder{fields.must(fields.text("text", kMostWalkText + 4), "text")};
}

std::optional<std::int64_t> revision(const Fields& fields) {
  return fields.integer("revision", 0, std::int64_t{1} << 53);
}

WalkOrder read_about_order(const Fields& fields) {
  AboutOrder out;
  out.revision = revision(fields);
  out.title = fields.text("title", kMostWalkName + 4);
  out.text = fields.text("text", kMostWalkPage + 4);
  out.welcome = fields.text("welcome", kMostWalkPage + 4);
  out.languages = fields.texts("languages", kMostLanguages + 1);
  return out;
}

WalkOrder read_sheet(const Fields& fields) {
  SheetOrder out;
  out.revision = revision(fields);
  const json::array* list = fields.array("sheet");
  if (!list) fields.complain("sheet", "there");
  if (list && list->size() > Walk::kMostCues) {
    fields.complain("sheet", "a list of at most " + std::to_string(Walk::kMostCues) + " cues");
  }
  for (std::size_t i = 0; list && !fields.problem() && i < list->size(); ++i) {
    const json::object* object = (*list)[i].if_object();
    if (!object) fields.complain("sheet", "a list of objects");
    if (!object) break;
    const std::string where = "cue " + std::to_string(i + 1);
    const Fields each(*object, where, fields.problem());
    WalkCue cue;
    cue.name = each.must(each.text("name"), "name");
    cue.part.asset = each.must(each.text("asset"), "asset");
    cue.part.a = each.must(millis(each, "a_ms"), "a_ms");
    cue.part.b = each.must(millis(each, "b_ms"), "b_ms");
    cue.part.volume = each.volume("volume").value_or(100);
    cue.part.loop = each.boolean("loop").value_or(false);
    cue.note = each.text("note", kMostWalkText + 4).value_or("");
    out.sheet.push_back(std::move(cue));
  }
  return out;
}

WalkOrder read_arm(const Fields& fields) {
  ArmOrder out;
  out.is_armed = fields.boolean("armed").value_or(true);
  out.from = fields.text("from");
  if (const auto start = fields.time("start")) out.start = ServerTime{*start};
  return out;
}

}  // namespace

Result<WalkOrder> read_walk_order(std::string_view verb, const json::object& body) {
  Fields::Problem problem;
  const Fields fields(body, verb, problem);
  WalkOrder out;
  if (verb == "cue") {
    out = read_cue(fields);
  } else if (verb == "stop") {
    out = StopOrder{millis(fields, "fade_ms").value_or(Millis{0})};
  } else if (verb == "message") {
    out = read_message(fields);
  } else if (verb == "sheet") {
    out = read_sheet(fields);
  } else if (verb == "about") {
    out = read_about_order(fields);
  } else if (verb == "arm") {
    out = read_arm(fields);
  } else if (verb == "lead") {
    out = LeadOrder{millis(fields, "lead_ms")};
  } else {
    return fail("a verb is one of cue, stop, message, sheet, about, arm, lead");
  }
  if (problem) return tl::make_unexpected(std::move(*problem));
  return out;
}

Result<WalkOrder> parse_walk_order(std::string_view verb, std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == body.npos) body = "{}";
  if (body.size() > kMostBodyBytes) return fail("the body is too long");
  boost::system::error_code error;
  const json::value value = parse_small(body, error);
  if (error) return fail("the body is not JSON: " + error.message());
  // A sheet may come as the list that it is.
  if (verb == "sheet" && value.is_array()) return read_walk_order(verb, {{"sheet", value}});
  if (!value.is_object()) return fail("the body has to be a JSON object");
  return read_walk_order(verb, value.get_object());
}

}  // namespace tutti::protocol
