// A station as a group: it plays for ever, and only operators change what. Owned by the control thread.
#pragma once

#include "app/group.h"
#include "app/station_service.h"

#include <string>

namespace tutti::app {

class StationGroup : public Group {
 public:
  // `index`: its number among the stations that are groups.
  StationGroup(StationService& stations, const std::string& route, std::uint32_t index);

  std::uint32_t timeline() const override { return index_; }
  Programmed* programme() override { return stations_.programme(id()); }
  void look(ServerTime now) override;
  bool is_playing() const override { return is_playing_; }
  const NowPlayingPtr& playing() const override { return playing_; }
  GroupRights rights(bool is_operator) const override {
    return is_operator ? GroupRights::skip : GroupRights::volume;
  }
  void act(GroupAction action, bool is_operator, ServerTime now) override;

 private:
  void on_players(ServerTime) override { stations_.count_players(id(), players()); }
  NowPlaying playing_at(const StationView& station, ServerTime now) const;

  StationService& stations_;
  std::uint32_t index_;
  bool is_playing_ = false;
  NowPlayingPtr playing_;
};

}  // namespace tutti::app
