// A redis-server of a test's own: on a free loopback port, its data in a folder of the test.
#pragma once

#include "storage/redis_connection.h"

#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace tutti::storage {

class PrivateRedis {
 public:
  explicit PrivateRedis(std::string folder) : folder_(std::move(folder)), port_(free_port()) {
    std::filesystem::create_directories(folder_);
    start();
  }
  ~PrivateRedis() {
    stop();
    std::filesystem::remove_all(folder_);
  }
  PrivateRedis(const PrivateRedis&) = delete;
  PrivateRedis& operator=(const PrivateRedis&) = delete;

  void start() {
    process_ = ::fork();
    if (process_ == 0) {
      const int nowhere = ::open("/dev/null", O_RDWR);
      ::dup2(nowhere, 1);
      ::dup2(nowhere, 2);
      const std::string port = std::to_string(port_);
      ::execlp("redis-server", "redis-server", "--bind", "127.0.0.1", "--port", port.c_str(), "--dir",
               folder_.c_str(), "--save", "", "--appendonly", "yes", "--appendfsync", "always", nullptr);
      ::_exit(127);
    }
    for (int i = 0; i < 1000 && !RedisConnection::open(address()); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  // As a crash: what it has stored is there when it starts again.
  void stop() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    process_ = 0;
  }

  RedisAddress address() const {
    RedisAddress address;
    address.host = "127.0.0.1";
    address.port = port_;
    return address;
  }

 private:
  static int free_port() {
    const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* raw = reinterpret_cast<sockaddr*>(&address);
    if (::bind(probe, raw, size) != 0 || ::getsockname(probe, raw, &size) != 0)
      throw std::runtime_error("no port");
    ::close(probe);
    return ntohs(address.sin_port);
  }

  std::string folder_;
  int port_;
  pid_t process_ = 0;
};

}  // namespace tutti::storage
