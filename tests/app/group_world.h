// A library, its stations and the groups of their players, on fakes and in virtual time.
#pragma once

#include "app/group_service.h"
#include "tests/fakes/fake_groups.h"
#include "tests/fakes/fake_producers.h"
#include "tests/fakes/fake_scanner.h"
#include "tests/fakes/fake_stores.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace tutti::app {

class GroupWorld {
 public:
  static std::string path(const std::string& folder, int number) {
    return folder + "/" + std::to_string(number) + ".mp3";
  }

 protected:
  // Three tracks a folder: of 100 s and more in the first, of 200 s and more in the second.
  void fill(const std::vector<std::string>& folders) {
    EXPECT_TRUE(library.load());
    int seconds = 0;
    for (const auto& folder : folders) {
      seconds += 100;
      for (int i = 0; i < 3; ++i) scanner.add(path(folder, i), Frames{44100} * (seconds + i));
      library.add_folder(folder);
    }
    scanner.answer_all();
  }

  // As after a restart.
  void open() {
    service = std::make_unique<GroupService>(stations, producers, sync_audience, store, covers);
    ASSERT_TRUE(service->open());
    service->tick(now);
  }

  void pass(Duration time) {
    using namespace std::chrono_literals;
    for (const ServerTime end = now + time; now < end;) {
      now = now + 200ms;
      stations.tick(now);
      service->tick(now);
    }
  }

  ServerTime now{std::chrono::seconds{10}};
  fakes::FakeScanner scanner;
  fakes::FakeTrackStore tracks;
  fakes::FakeProgrammeStore programmes;
  fakes::FakeProducers producers;
  fakes::FakeAudience audience;
  fakes::FakeSyncAudience sync_audience;
  fakes::FakeClientStore store;
  fakes::FakeCovers covers;
  Library library{tracks, scanner, 1,
                  [this](const std::string& folder) { stations.on_library_changed(folder); }};
  StationService stations{{{Encoding::Codec::mp3, 44100, 2, 128'000}, std::chrono::seconds{4}, 2 << 20, 1},
                          {{std::chrono::seconds{1000}}},
                          library,
                          programmes,
                          producers,
                          audience};
  std::unique_ptr<GroupService> service;
};

}  // namespace tutti::app
