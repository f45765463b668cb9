#include "app/walk_service.h"

#include "base/log.h"
#include "domain/walk_lead.h"
#include "domain/walk_timing.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace tutti::app {
namespace {

using Kind = WalkEvent::Kind;
using namespace std::chrono_literals;

constexpr Duration kRowsEvery = 500ms, kMeasureEvery = 1s;
// Of thousands of phones that acknowledge at once a conductor is told of some, and how many more there were.
constexpr std::size_t kMostEventsTold = 50;

bool is_app(const WalkParticipant& who) { return who.kind == WalkParticipant::Kind::app; }

}  // namespace

WalkService::WalkService(WalkStore& store, WallAnchor anchor, Post post, Clock clock)
    : store_(store),
      anchor_(anchor),
      post_(post),
      clock_(std::move(clock)),
      log_(store, anchor, std::move(post)) {}

Result<void> WalkService::open(std::string path, WalkAbout about, std::vector<WalkCue> sheet) {
  auto kept = store_.load_walk(path);
  if (!kept) return tl::make_unexpected(kept.error());
  if (auto opened = log_.open(path); !opened) return opened;
  path_ = std::move(path);
  walk_.sheet = std::move(sheet);
  if (*kept) {
    StoredWalk& stored = **kept;
    const Duration by = stored.anchor.at_start.since_unix_epoch - anchor_.at_start.since_unix_epoch;
    Walk before = shifted(std::move(stored.walk), by);
    walk_.live = std::move(before.live);
    walk_.reached = std::move(before.reached);
    walk_.messages = std::move(before.messages);
    walk_.armed = std::move(before.armed);
    walk_.lead.manual = before.lead.manual;
    has_sheet_ = stored.has_sheet;
    if (has_sheet_) walk_.sheet = std::move(before.sheet);
    has_about_ = stored.has_about;
    if (has_about_) about = std::move(before.about);
    walk_.edit = std::move(before.edit);
    counts_ = stored.counts;
  }
  walk_.about = std::move(about);
  if (has_sheet_ || has_about_) {
    log::info("the walk's {} as conductors have edited {}, whatever walk.toml says",
              has_sheet_ && has_about_ ? "words and sheet are"
              : has_sheet_             ? "sheet is"
                                       : "words are",
              has_sheet_ && !has_about_ ? "it" : "them");
  }
  walk_.lead = choose_lead(std::nullopt, walk_.lead.manual);
  settle(walk_, clock_());
  is_open_ = true;
  return {};
}

void WalkService::set_assets(std::vector<WalkAsset> assets) {
  if (assets == walk_.assets) return;
  for (const auto& asset : walk_.assets) {
    const auto is_other = [&](const WalkAsset& each) {
      return each.id == asset.id && each.is_ready && asset.is_ready && each.sha256 != asset.sha256;
    };
    if (std::none_of(assets.begin(), assets.end(), is_other)) continue;
    // What phones have of it is of another file.
    for (auto& [id, row] : rows_) row.is_changed |= row.about.assets.erase(asset.id) > 0;
  }
  walk_.assets = std::move(assets);
  WalkKeys keys;
  keys.assets = true;
  for (auto& cue : walk_.sheet) {
    if (!cue.part.asset.empty() || walk_.assets.empty()) continue;
    cue.part.asset = walk_.assets.front().id;  // walk.toml names none
    keys.sheet = true;
  }
  tell(keys);
}

// --- participants

WalkService::Row* WalkService::find(WalkVisit visit) {
  const auto id = ids_.find(visit);
  return id == ids_.end() ? nullptr : &rows_.at(id->second);
}

// Whoever left first is forgotten.
bool WalkService::make_room() {
  if (rows_.size() < kMostParticipants) return true;
  auto oldest = rows_.end();
  for (auto it = rows_.begin(); it != rows_.end(); ++it) {
    if (it->second.visit != 0) continue;
    if (oldest == rows_.end() || it->second.about.since < oldest->second.about.since) oldest = it;
  }
  if (oldest == rows_.end()) return false;
  rows_.erase(oldest);
  return true;
}

Result<WalkVisit> WalkService::join(NewWalker about, std::shared_ptr<WalkClient> client) {
  if (!is_open_) return fail("there is no walk here; the server was started without --walk");
  if (!rows_.contains(about.id) && !make_room()) {
    return fail(fmt::format("{} take part already; there is no room for more", kMostParticipants));
  }
  const WalkVisit visit = ++last_visit_;
  Row& row = rows_[about.id];
  if (row.visit != 0) {
    ids_.erase(row.visit);
    row.client->on_replaced();
  }
  const bool is_back = !row.about.id.empty();
  row.about.id = about.id;
  row.about.name = std::move(about.name);
  row.about.kind = about.kind;
  row.about.is_connected = true;
  row.about.is_unlocked = false;
  row.about.since = clock_();
  row.able_since = row.about.since;
  row.client = std::move(client);
  row.visit = visit;
  row.is_changed = true;
  ids_[visit] = about.id;
  row.client->on_walk(news());
  if (!is_app(row.about)) {
    note(Kind::connected, fmt::format("{} is {}", row.about.name, is_back ? "back" : "here"), &row.about);
  }
  return visit;
}

void WalkService::report(WalkVisit visit, const WalkReport& report) {
  Row* row = find(visit);
  if (!row) return;
  const bool had = row->about.has_everything(walk_), was_unlocked = row->about.is_unlocked;
  apply(row->about, report);
  row->is_changed = true;
  const bool has = row->about.has_everything(walk_);
  if ((has && !had) || (row->about.is_unlocked && !was_unlocked)) row->able_since = clock_();
  if (!is_app(row->about) && !had && has) {
    note(Kind::downloaded, row->about.name + " has everything", &row->about);
  }
}

void WalkService::ack(WalkVisit visit, const WalkAck& ack) {
  Row* row = find(visit);
  if (!row) return;
  // Whoever came later, or could not play before, says nothing of how long cues are on their way.
  const auto told = told_.find(ack.cue);
  const bool could = told != told_.end() && row->able_since <= told->second.at;
  apply(row->about, ack, could ? std::optional(told->second.lead) : std::nullopt, clock_());
  row->is_changed = true;
  if (is_app(row->about)) return;
  const std::string what = ack.start_error
                               ? fmt::format("{} plays cue {}, {:+.1f} ms", row->about.name, ack.cue,
                                             static_cast<double>(ack.start_error->count()) / 1000)
                               : fmt::format("{} knows of cue {}", row->about.name, ack.cue);
  note(Kind::ack, what, &row->about, row->about.latency);
}

void WalkService::seen(WalkVisit visit, std::int64_t message) {
  Row* row = find(visit);
  if (!row || message > counts_.message) return;
  row->about.seen = std::max(row->about.seen, message);
  row->is_changed = true;
}

void WalkService::leave(WalkVisit visit) {
  Row* row = find(visit);
  if (!row) return;
  ids_.erase(visit);
  row->visit = 0;
  row->client = nullptr;
  row->about.is_connected = false;
  row->about.since = clock_();
  row->is_changed = true;
  if (!is_app(row->about)) note(Kind::left, row->about.name + " is gone", &row->about);
}

void WalkService::remark(WalkVisit visit, WalkEvent::Kind kind, std::string text,
                         std::optional<Duration> latency) {
  const Row* row = find(visit);
  if (row) note(kind, std::move(text), &row->about, latency);
}

// --- conductors

Result<WalkVisit> WalkService::conduct(std::shared_ptr<WalkConductor> conductor) {
  if (!is_open_) return fail("there is no walk here; the server was started without --walk");
  const WalkVisit visit = ++last_visit_;
  conductor->on_walk(news());
  conductor->on_participants(std::make_shared<const WalkRows>(participants()));
  conductors_[visit] = std::move(conductor);
  return visit;
}

void WalkService::order(WalkOrder order, std::string author, Done done) {
  if (!is_open_) return done(fail("there is no walk here; the server was started without --walk"));
  if (std::holds_alternative<CueOrder>(order)) {
    // What a conductor wanted before that, and nobody has been told of, is not wanted any more.
    std::deque<Waiting> kept;
    std::vector<Waiting> dropped;
    for (auto& each : waiting_) {
      if (std::holds_alternative<CueOrder>(each.order)) {
        dropped.push_back(std::move(each));
      } else {
        kept.push_back(std::move(each));
      }
    }
    waiting_ = std::move(kept);
    for (const auto& each : dropped) each.done(fail("another cue came after it, before it could be told"));
  }
  if (waiting_.size() >= kMostWaiting) return done(fail("too many orders at once; try again"));
  waiting_.push_back({std::move(order), std::move(author), std::move(done)});
  take_next();
}

void WalkService::take_next() {
  while (!is_storing_ && !waiting_.empty()) {
    // A cue that some have begun and others not yet heard of cannot be replaced at one moment: it begins
    // first.
    auto next = waiting_.begin();
    if (!can_go(walk_, reach_of(walk_), clock_())) {
      next = std::find_if(waiting_.begin(), waiting_.end(), [](const Waiting& each) {
        return !std::holds_alternative<CueOrder>(each.order) && !std::holds_alternative<ArmOrder>(each.order);
      });
      if (next == waiting_.end()) return;
    }
    Waiting order = std::move(*next);
    waiting_.erase(next);
    carry_out(std::move(order));
  }
}

void WalkService::carry_out(Waiting order) {
  auto change = tutti::carry_out(order.order, order.author, walk_, counts_, clock_());
  if (!change) return order.done(tl::make_unexpected(change.error()));
  is_storing_ = true;
  StoredWalk kept;
  kept.walk = change->walk;
  kept.anchor = anchor_;
  kept.has_sheet = has_sheet_ || std::holds_alternative<SheetOrder>(order.order);
  kept.has_about = has_about_ || std::holds_alternative<AboutOrder>(order.order);
  kept.counts = change->counts;
  auto stored = [this, change = std::make_shared<const WalkChange>(std::move(*change)),
                 order = std::make_shared<const Waiting>(std::move(order))](const Result<void>& result) {
    post_([this, change, order, result] { on_stored(*change, *order, result); });
  };
  store_.save_walk(path_, std::move(kept), std::move(stored));
}

// A disk that is full does not end a walk.
void WalkService::on_stored(const WalkChange& change, const Waiting& order, const Result<void>& stored) {
  is_storing_ = false;
  if (!stored) log::error("the walk could not be stored: {}", stored.error().message);
  const Walk before = walk_;
  walk_.about = change.walk.about;
  walk_.sheet = change.walk.sheet;
  walk_.edit = change.walk.edit;
  walk_.live = change.walk.live;
  walk_.reached = change.walk.reached;
  walk_.messages = change.walk.messages;
  walk_.armed = change.walk.armed;
  walk_.lead = choose_lead(walk_.lead.measured, change.walk.lead.manual);
  counts_ = change.counts;
  has_sheet_ |= std::holds_alternative<SheetOrder>(order.order);
  has_about_ |= std::holds_alternative<AboutOrder>(order.order);
  if (change.lead) {
    constexpr std::size_t kLatest = 32;
    told_[counts_.cue] = {*change.lead, clock_()};
    if (told_.size() > kLatest) told_.erase(told_.begin());
  }
  tell(changed(before, walk_));
  note(change.kind, order.author.empty() ? change.text : order.author + ": " + change.text);
  order.done({});
  take_next();
}

// --- what is there

WalkNewsPtr WalkService::news() const {
  auto walk = std::make_shared<Walk>(walk_);
  settle(*walk, clock_());
  return std::make_shared<const WalkNews>(WalkNews{std::move(walk), WalkKeys::all(), anchor_});
}

WalkRows WalkService::participants() const {
  WalkRows out;
  out.reserve(rows_.size());
  for (const auto& [id, row] : rows_) out.push_back(row.about);
  return out;
}

void WalkService::tell(WalkKeys keys) {
  if (!keys.any()) return;
  auto walk = std::make_shared<Walk>(walk_);
  settle(*walk, clock_());
  const auto said = std::make_shared<const WalkNews>(WalkNews{std::move(walk), keys, anchor_});
  WalkKeys lead;
  lead.lead = true;
  if (!(keys == lead)) {
    for (const auto& [id, row] : rows_) {
      if (row.client) row.client->on_walk(said);
    }
  }
  for (const auto& [visit, conductor] : conductors_) conductor->on_walk(said);
}

void WalkService::note(Kind kind, std::string text, const WalkParticipant* who,
                       std::optional<Duration> latency) {
  WalkEvent event;
  event.at = clock_();
  event.kind = kind;
  if (who) event.participant = who->id;
  event.latency = latency;
  event.text = std::move(text);
  const auto told = std::make_shared<const WalkEvent>(event);
  log_.add(std::move(event));
  if (!who) log_.save(clock_(), true);
  // What conductors did is always told.
  if (who && ++events_told_ > kMostEventsTold) return;
  for (const auto& [visit, conductor] : conductors_) conductor->on_event(told);
}

void WalkService::measure() {
  std::vector<Duration> latencies;
  for (const auto& [id, row] : rows_) {
    const auto worst = row.about.is_connected ? row.about.worst_latency() : std::nullopt;
    if (worst) latencies.push_back(*worst);
  }
  const WalkLead lead = choose_lead(measured_lead(std::move(latencies)), walk_.lead.manual);
  if (lead == walk_.lead) return;
  walk_.lead = lead;
  WalkKeys keys;
  keys.lead = true;
  tell(keys);
}

void WalkService::tick() {
  if (!is_open_) return;
  const ServerTime now = clock_();
  if (events_told_ > kMostEventsTold) {
    const std::size_t more = std::exchange(events_told_, 0) - kMostEventsTold;
    const auto told = std::make_shared<const WalkEvent>(
        WalkEvent{now, Kind::ack, std::nullopt, std::nullopt, fmt::format("and {} more like these", more)});
    for (const auto& [visit, conductor] : conductors_) conductor->on_event(told);
  }
  events_told_ = 0;
  log_.save(now);
  take_next();
  if (now - measured_at_ >= kMeasureEvery) {
    measured_at_ = now;
    measure();
  }
  if (now - rows_told_ < kRowsEvery) return;
  rows_told_ = now;
  WalkRows changed_rows;
  for (auto& [id, row] : rows_) {
    if (std::exchange(row.is_changed, false)) changed_rows.push_back(row.about);
  }
  if (changed_rows.empty() || conductors_.empty()) return;
  const auto rows = std::make_shared<const WalkRows>(std::move(changed_rows));
  for (const auto& [visit, conductor] : conductors_) conductor->on_participants(rows);
}

}  // namespace tutti::app
