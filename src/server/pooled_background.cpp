#include "server/pooled_background.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::server {

bool PooledBackground::run(std::function<Then()> work) {
  if (++jobs_ > most_) {
    --jobs_;
    return false;
  }
  pool_.post([this, work = std::move(work)] {
    Then then = work();
    --jobs_;
    boost::asio::post(control_, std::move(then));
  });
  return true;
}

}  // namespace tutti::server
