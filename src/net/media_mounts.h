// The WebSockets that send files: /pcm and /audio. Open to pages of every site, as the stations are.
#pragma once

#include "app/media_files.h"
#include "base/worker_pool.h"
#include "net/control.h"
#include "net/web_socket_mounts.h"

#include <string>

namespace tutti::net {

// `pool`: where files are read; stopped before the server ends. `wav`: the default of /pcm, or "". Before the
// server starts; everything named here outlives it.
void mount_media(WebSocketMounts& mounts, WorkerPool& pool, app::MediaFiles& files, Control& control,
                 unsigned io_threads, const std::string& wav);

}  // namespace tutti::net
