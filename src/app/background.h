// Port: runs what takes long away from the control thread. Implemented by the server's wiring.
#pragma once

#include <functional>

namespace tutti::app {

class Background {
 public:
  using Then = std::function<void()>;

  virtual ~Background() = default;

  // Runs `work` elsewhere; what it returns runs on the control thread, never within this call. False: too
  // much waits already, and neither will run.
  virtual bool run(std::function<Then()> work) = 0;
};

}  // namespace tutti::app
