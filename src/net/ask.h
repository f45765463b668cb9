// Asks a thread for something it owns, from a coroutine on another.
#pragma once

#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace tutti::net {

namespace asio = boost::asio;

// Runs `question(answer)` on `owner`, whose thread calls `answer(reply)` once, now or later; resumes with the
// reply on the asking coroutine's own thread. Reply: movable and default constructible.
template <class Reply, class Question>
asio::awaitable<Reply> ask(asio::any_io_executor owner, Question question) {
  auto initiate = [](auto handler, asio::any_io_executor executor, Question asked) {
    auto answer = [handler = std::make_shared<decltype(handler)>(std::move(handler))](Reply reply) mutable {
      auto home = asio::get_associated_executor(*handler);
      asio::post(home, [handler = std::move(handler), reply = std::move(reply)]() mutable {
        std::move (*handler)(std::move(reply));
      });
    };
    asio::post(executor, [answer = std::move(answer), asked = std::move(asked)]() mutable {
      asked(std::move(answer));
    });
  };
  return asio::async_initiate<const asio::use_awaitable_t<>, void(Reply)>(initiate, asio::use_awaitable,
                                                                          owner, std::move(question));
}

}  // namespace tutti::net
