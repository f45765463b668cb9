#include "domain/walk_orders.h"

#include "base/utf8.h"
#include "domain/walk_lead.h"
#include "domain/walk_timing.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace tutti {
namespace {

using Kind = WalkEvent::Kind;

constexpr std::size_t kMostNamed = 12;  // names in an error

std::string seconds(Millis t) { return fmt::format("{}.{:03}", t.count() / 1000, t.count() % 1000); }

template <class Items, class NameOf>
std::string names(const Items& items, NameOf name_of) {
  std::string out;
  for (std::size_t i = 0; i < std::min(items.size(), kMostNamed); ++i) {
    out += (i == 0 ? "" : ", ") + name_of(items[i]);
  }
  if (items.size() > kMostNamed) out += ", …";
  return out.empty() ? "none" : out;
}

Result<void> check_part(const WalkPart& part, const Walk& walk) {
  const WalkAsset* asset = walk.find_asset(part.asset);
  if (!asset) {
    return fail(fmt::format("there is no asset '{}'; there are: {}", to_valid_utf8(part.asset),
                            names(walk.assets, [](const auto& each) { return each.id; })));
  }
  if (part.volume < 0 || part.volume > 100) return fail("a volume is a number from 0 to 100");
  if (part.a < Millis{0} || part.a >= part.b || part.b > asset->length()) {
    return fail(fmt::format("a part of {} is a,b in seconds with 0 <= a < b <= {}, not {},{}", part.asset,
                            seconds(asset->length()), seconds(part.a), seconds(part.b)));
  }
  return {};
}

Result<void> check_ready(const WalkPart& part, const Walk& walk) {
  const WalkAsset* asset = walk.find_asset(part.asset);
  if (asset && asset->is_ready) return {};
  return fail(fmt::format("{} is still being prepared: no phone can have it yet", part.asset));
}

Result<WalkPart> part_of(const CueOrder& order, const Walk& walk) {
  WalkPart part;
  if (order.name) {
    const WalkCue* cue = walk.find_cue(*order.name);
    if (!cue) {
      return fail(fmt::format("there is no cue '{}' on the sheet; there are: {}", to_valid_utf8(*order.name),
                              names(walk.sheet, [](const auto& each) { return each.name; })));
    }
    part = cue->part;
  } else {
    if (!order.asset && walk.assets.empty()) return fail("the walk has no audio yet");
    part.asset = order.asset ? *order.asset : walk.assets.front().id;
    part.a = order.a;
    part.b = order.b;
  }
  if (order.volume) part.volume = *order.volume;
  if (order.loop) part.loop = *order.loop;
  if (auto checked = check_part(part, walk); !checked) return tl::make_unexpected(checked.error());
  return part;
}

Result<void> check_lead(Millis lead) {
  if (lead >= kLeastLead && lead <= kMostLead) return {};
  return fail(fmt::format("a lead is from {} to {} ms: a phone needs that to decode and schedule",
                          kLeastLead.count(), kMostLead.count()));
}

Result<void> apply(const CueOrder& order, const std::string& author, WalkChange& out, ServerTime now) {
  auto part = part_of(order, out.walk);
  if (!part) return tl::make_unexpected(part.error());
  if (auto ready = check_ready(*part, out.walk); !ready) return ready;
  if (order.lead) {
    if (auto checked = check_lead(*order.lead); !checked) return checked;
  }
  const Millis lead = order.lead.value_or(out.walk.lead.chosen);
  LiveCue cue;
  cue.id = ++out.counts.cue;
  cue.name = order.name;
  cue.part = std::move(*part);
  cue.start = now + lead;
  cue.author = author;
  out.kind = Kind::cue;
  out.lead = lead;
  out.text = order.name ? fmt::format("{} ({})", *order.name, describe(cue.part)) : describe(cue.part);
  go(out.walk, std::move(cue), now);
  if (order.name) out.walk.reached = *order.name;
  return {};
}

Result<void> apply(const StopOrder& order, const std::string&, WalkChange& out, ServerTime now) {
  if (order.fade < Millis{0} || order.fade > kMostFade) {
    return fail(fmt::format("a fade is from 0 to {} ms", kMostFade.count()));
  }
  stop(out.walk, {now + out.walk.lead.chosen, order.fade}, reach_of(out.walk), now);
  out.kind = Kind::stop;
  out.text = "stop";
  return {};
}

Result<void> apply(const MessageOrder& order, const std::string& author, WalkChange& out, ServerTime now) {
  std::string text = to_valid_utf8(order.text);
  if (text.find_first_not_of(' ') == text.npos) return fail("a message has words");
  if (text.size() > kMostWalkText) {
    return fail(fmt::format("a message has at most {} bytes, this one {}", kMostWalkText, text.size()));
  }
  auto& messages = out.walk.messages;
  if (messages.size() == Walk::kMostMessages) messages.erase(messages.begin());
  messages.push_back({++out.counts.message, text, now, author});
  out.kind = Kind::message;
  out.text = std::move(text);
  return {};
}

// What somebody else has saved meanwhile is not overwritten by who has not seen it.
Result<void> edit(std::optional<std::int64_t> seen, const std::string& author, Walk& walk) {
  if (seen && *seen != walk.edit.revision) {
    return fail(
        fmt::format("the walk was edited meanwhile{} (revision {}, not {}): look at it, then save again",
                    walk.edit.author.empty() ? "" : " by " + walk.edit.author, walk.edit.revision, *seen));
  }
  walk.edit = {walk.edit.revision + 1, author};
  return {};
}

Result<void> apply(const SheetOrder& order, const std::string& author, WalkChange& out, ServerTime) {
  if (out.walk.armed) return fail("the sheet runs on its own; disarm it before you change it");
  if (auto checked = check_sheet(order.sheet, out.walk); !checked) return checked;
  if (auto edited = edit(order.revision, author, out.walk); !edited) return edited;
  out.walk.sheet = order.sheet;
  out.kind = Kind::sheet;
  out.text = fmt::format("the sheet has {} cues", order.sheet.size());
  return {};
}

Result<void> apply(const AboutOrder& order, const std::string& author, WalkChange& out, ServerTime) {
  WalkAbout about = out.walk.about;
  if (order.title) about.title = *order.title;
  if (order.text) about.text = *order.text;
  if (order.welcome) about.welcome = *order.welcome;
  if (order.languages) about.languages = *order.languages;
  if (auto checked = check_about(about); !checked) return checked;
  if (auto edited = edit(order.revision, author, out.walk); !edited) return edited;
  out.walk.about = std::move(about);
  out.kind = Kind::about;
  out.text = "the walk's words: " + out.walk.about.title;
  return {};
}

Result<void> apply(const ArmOrder& order, const std::string& author, WalkChange& out, ServerTime now) {
  constexpr auto kLatest = std::chrono::hours(24 * 7);
  Walk& walk = out.walk;
  out.kind = Kind::arm;
  out.text = "disarmed";
  if (!order.is_armed) {
    disarm(walk, now);
    return {};
  }
  if (walk.armed) return fail("the sheet is armed already; disarm it first");
  if (walk.sheet.empty()) return fail("the sheet has no cues to run");
  const std::string from = order.from.value_or(walk.sheet.front().name);
  const WalkCue* first = walk.find_cue(from);
  if (!first) {
    return fail(fmt::format("there is no cue '{}' on the sheet; there are: {}", to_valid_utf8(from),
                            names(walk.sheet, [](const auto& each) { return each.name; })));
  }
  const ServerTime start = order.start.value_or(now + walk.lead.chosen);
  if (start < now + kLeastLead || start > now + kLatest) {
    return fail(
        fmt::format("the sheet can start from {} ms to 7 days from now, in server time (microseconds)",
                    kLeastLead.count()));
  }
  for (const WalkCue* cue = first; cue != walk.sheet.data() + walk.sheet.size(); ++cue) {
    if (auto ready = check_ready(cue->part, walk); !ready) return ready;
  }
  walk.armed = WalkArmed{start, from, out.counts.cue + 1, author};
  out.counts.cue += walk.sheet.data() + walk.sheet.size() - first;
  out.text =
      fmt::format("armed, from {} on, in {} s", from, seconds(std::chrono::floor<Millis>(start - now)));
  return {};
}

Result<void> apply(const LeadOrder& order, const std::string&, WalkChange& out, ServerTime) {
  if (order.lead) {
    if (auto checked = check_lead(*order.lead); !checked) return checked;
  }
  out.walk.lead = choose_lead(out.walk.lead.measured, order.lead);
  out.kind = Kind::lead;
  out.text = order.lead ? fmt::format("the lead is {} ms", order.lead->count()) : "the lead is as measured";
  return {};
}

}  // namespace

std::string describe(const WalkPart& part) {
  return fmt::format("{} {}–{}", part.asset, seconds(part.a), seconds(part.b));
}

Duration reach_of(const Walk& walk) { return walk.lead.measured.value_or(kUsualLead); }

Result<void> check_about(const WalkAbout& about) {
  const auto fits = [](const std::string& text, std::size_t most) {
    return text.size() <= most && is_valid_utf8(text);
  };
  if (!fits(about.title, kMostWalkName))
    return fail(fmt::format("a title has at most {} bytes", kMostWalkName));
  if (!fits(about.text, kMostWalkPage) || !fits(about.welcome, kMostWalkPage)) {
    return fail(fmt::format("text and welcome have at most {} bytes each", kMostWalkPage));
  }
  if (about.languages.size() > kMostLanguages) {
    return fail(fmt::format("a walk has at most {} languages", kMostLanguages));
  }
  constexpr std::size_t kMostTag = 35;
  for (const auto& tag : about.languages) {
    const auto is_odd = [](char c) {
      return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-');
    };
    if (tag.empty() || tag.size() > kMostTag || std::any_of(tag.begin(), tag.end(), is_odd)) {
      return fail("a language is a tag like en or pt-BR, not '" + to_valid_utf8(tag) + "'");
    }
  }
  return {};
}

Result<void> check_sheet(const std::vector<WalkCue>& sheet, const Walk& walk) {
  if (sheet.size() > Walk::kMostCues)
    return fail(fmt::format("a sheet has at most {} cues", Walk::kMostCues));
  std::set<std::string> taken;
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    const WalkCue& cue = sheet[i];
    const auto wrong = [&](const std::string& why) { return fail(fmt::format("cue {}: {}", i + 1, why)); };
    if (cue.name.empty() || cue.name.size() > kMostWalkName || !is_valid_utf8(cue.name)) {
      return wrong(fmt::format("it needs a name of at most {} bytes", kMostWalkName));
    }
    if (!taken.insert(cue.name).second) return wrong("another one is called '" + cue.name + "' too");
    if (cue.note.size() > kMostWalkText || !is_valid_utf8(cue.note)) {
      return wrong(fmt::format("its note is longer than {} bytes", kMostWalkText));
    }
    if (auto checked = check_part(cue.part, walk); !checked) return wrong(checked.error().message);
  }
  return {};
}

Result<WalkChange> carry_out(const WalkOrder& order, const std::string& author, const Walk& walk,
                             WalkCounts counts, ServerTime now) {
  WalkChange out;
  out.walk = walk;
  out.counts = counts;
  settle(out.walk, now);
  auto done = std::visit([&](const auto& each) { return apply(each, author, out, now); }, order);
  if (!done) return tl::make_unexpected(done.error());
  return out;
}

}  // namespace tutti
