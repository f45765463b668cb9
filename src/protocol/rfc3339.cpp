#include "protocol/rfc3339.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include <fmt/format.h>

namespace tutti::protocol {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kLongestTime = 64;

// Reads a text from its beginning; once something did not fit, nothing does.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    if (rest_.size() < count) return miss();
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (!is_digit(rest_[i])) return miss();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!take(c)) miss();
  }
  // Digits after the point, as milliseconds.
  int fraction() {
    int value = 0, weight = 100;
    if (rest_.empty() || !is_digit(rest_.front())) return miss();
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), weight /= 10) {
      value += weight * (rest_.front() - '0');
    }
    return value;
  }
  bool is_done() const { return fits_ && rest_.empty(); }
  bool fits() const { return fits_; }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  int miss() {
    fits_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool fits_ = true;
};

// Minutes east of UTC; nullopt: no zone, or none that there is.
std::optional<int> read_zone(Cursor& cursor) {
  if (cursor.take('Z') || cursor.take('z')) return 0;
  const int sign = cursor.take('-') ? -1 : 1;
  if (sign > 0 && !cursor.take('+')) return std::nullopt;
  const int hours = cursor.digits(2);
  cursor.take(':');
  const int minutes = cursor.digits(2);
  if (!cursor.fits() || hours > 23 || minutes > 59) return std::nullopt;
  return sign * (hours * 60 + minutes);
}

}  // namespace

Result<milliseconds> parse_rfc3339(std::string_view text) {
  const auto unreadable = [] { return fail("not a time such as 2022-05-09T09:09:07Z"); };
  if (text.size() > kLongestTime) return unreadable();
  Cursor cursor(text);
  const int year = cursor.digits(4);
  cursor.expect('-');
  const int month = cursor.digits(2);
  cursor.expect('-');
  const int day = cursor.digits(2);
  if (!cursor.take('T') && !cursor.take('t')) cursor.expect(' ');
  const int hour = cursor.digits(2);
  cursor.expect(':');
  const int minute = cursor.digits(2);
  cursor.expect(':');
  const int second = cursor.digits(2);
  const int fraction = cursor.take('.') ? cursor.fraction() : 0;
  const auto zone = read_zone(cursor);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!cursor.is_done() || !zone || !date.ok() || hour > 23 || minute > 59 || second > 60)
    return unreadable();
  return std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
         std::chrono::minutes(minute - *zone) + std::chrono::seconds(second) + milliseconds(fraction);
}

std::string format_rfc3339(milliseconds since_unix_epoch, Zone zone) {
  using std::chrono::days, std::chrono::sys_days, std::chrono::year;
  constexpr milliseconds kFirst = sys_days(year(0) / 1 / 1).time_since_epoch();
  constexpr milliseconds kLast =
      sys_days(year(9999) / 12 / 31).time_since_epoch() + days(1) - milliseconds(1);
  const milliseconds t = std::clamp(since_unix_epoch, kFirst, kLast);
  const auto whole_days = std::chrono::floor<days>(t);
  const std::chrono::year_month_day date{sys_days(whole_days)};
  const std::chrono::hh_mm_ss clock(t - whole_days);
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", int(date.year()),
                                unsigned(date.month()), unsigned(date.day()), clock.hours().count(),
                                clock.minutes().count(), clock.seconds().count());
  if (clock.subseconds().count() != 0) out += fmt::format(".{:03}", clock.subseconds().count());
  return out + (zone == Zone::z ? "Z" : "+0000");
}

}  // namespace tutti::protocol
