// What is offered on the local network, by DNS-SD over multicast DNS (RFC 6763, 6762): offers a service of
// ours, and looks for those of a type. Avahi's daemon does the work; where there is none, nothing happens
// until there is. Has a thread of its own, on which all of Avahi happens and the events come.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace tutti::net {

class ServiceDirectory {
 public:
  struct Offer {
    std::string name;  // for people, UTF-8; where it is taken, a number is added
    std::string type;  // "_http._tcp"
    unsigned short port = 0;
    std::vector<std::string> txt;  // "key=value"
  };
  struct Wishes {
    std::optional<Offer> offer;
    std::string looks_for;  // a type; "": none
  };
  struct Found {
    std::string name;     // its instance's, as others gave it
    std::string address;  // IPv4 or IPv6, a link-local one with its scope: "fe80::1%2"
    unsigned short port = 0;
    std::string path;      // of the TXT record; "" where it gives none
    bool is_here = false;  // offered by this machine
  };
  struct Events {
    // One for each address; more than once for the same.
    std::function<void(Found)> found;
    // No longer offered anywhere. A daemon that goes away takes nothing with it.
    std::function<void(std::string name)> lost;
  };

  ServiceDirectory(Wishes wishes, Events events);
  // Withdraws the offer. No event comes after it.
  ~ServiceDirectory();
  ServiceDirectory(const ServiceDirectory&) = delete;
  ServiceDirectory& operator=(const ServiceDirectory&) = delete;

 private:
  class Avahi;
  void run();

  Wishes wishes_;
  Events events_;
  std::atomic<bool> is_over_{false};
  std::unique_ptr<Avahi> avahi_;
  std::thread thread_;
};

}  // namespace tutti::net
