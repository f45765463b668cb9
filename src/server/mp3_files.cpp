#include "server/mp3_files.h"

#include "net/mp3_piece.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace tutti::server {

void PooledMp3Files::open_mp3(const FileStamp& stamp, Opened done) {
  pool_.post([&files = files_, control = control_, path = stamp.path, done = std::move(done)]() mutable {
    auto source = files.open_bytes(path).and_then([](auto file) {
      return net::find_mp3_begin(*file).map([&](std::int64_t begin) {
        return app::Mp3Source{std::move(file), begin};
      });
    });
    boost::asio::post(
        control, [source = std::move(source), done = std::move(done)]() mutable { done(std::move(source)); });
  });
}

}  // namespace tutti::server
