// Reads the fields of one JSON object of a Sendspin message. The first thing that is wrong is kept, and
// everything read after it is of no use: callers read all they want, then look at `problem` once.
#pragma once

#include "base/result.h"
#include "base/time.h"
#include "protocol/sendspin_types.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace tutti::protocol::sendspin {

class Fields {
 public:
  using Problem = std::optional<Error>;

  // `where`: the object's name in errors. Both outlive this.
  Fields(const boost::json::object& object, std::string_view where, Problem& problem)
      : object_(object), where_(where), problem_(problem) {}

  // nullptr: missing. A null is found.
  const boost::json::value* find(std::string_view name) const { return object_.if_contains(name); }
  bool is_null(std::string_view name) const { return find(name) && find(name)->is_null(); }
  void complain(std::string_view name, std::string_view expected) const;

  // Each is nullopt where the field is missing or null, or where something is wrong.
  std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most) const;
  std::optional<int> small(std::string_view name, int least, int most) const;
  std::optional<int> volume(std::string_view name) const;  // 0 to 100; fractions are rounded
  std::optional<bool> boolean(std::string_view name) const;
  std::optional<std::string> text(std::string_view name, std::size_t most = kMostTextBytes) const;
  std::optional<Duration> time(std::string_view name) const;
  std::optional<Fields> object(std::string_view name) const;
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most) const;
  const boost::json::array* array(std::string_view name) const;
  // A word that this version does not know is wrong.
  template <class Enum>
  std::optional<Enum> word(std::string_view name) const {
    const auto said = text(name);
    if (!said) return std::nullopt;
    const auto value = named<Enum>(*said);
    if (!value) complain(name, "a word that is known here");
    return value;
  }
  // Of a list of words, those that this version knows.
  template <class Enum>
  std::optional<Flags<Enum>> flags(std::string_view name) const {
    const auto said = texts(name, kMostWords);
    if (!said) return std::nullopt;
    Flags<Enum> out;
    for (const auto& each : *said) {
      if (const auto value = named<Enum>(each)) out.insert(*value);
    }
    return out;
  }
  // Where the field has to be there.
  template <class T>
  T must(std::optional<T> value, std::string_view name) const {
    if (!value) complain(name, "there");
    return value ? std::move(*value) : T{};
  }

  std::string_view where() const { return where_; }
  Problem& problem() const { return problem_; }

 private:
  static constexpr std::size_t kMostWords = 64;

  const boost::json::value* present(std::string_view name) const;

  const boost::json::object& object_;
  std::string_view where_;
  Problem& problem_;
};

}  // namespace tutti::protocol::sendspin
