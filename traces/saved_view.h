// waves.gtkw: how a waveform viewer shall show waves.vcd.
#pragma once

#include <cstdint>
#include <string>

#include "config/device.h"

namespace nandtlm {

/// What the view shows at first.
struct SavedView {
  std::string dump = "waves.vcd";  ///< name of the dump, looked for beside the view
  std::uint32_t dies = 4;          ///< dies in the list, from die 0; the rest is in the viewer's tree
  Time from = 0;                   ///< left edge, ps
  Time to = kPsPerUs * 1000;       ///< right edge, ps
};

/// What to look at in a run that ended at `end`: all of it where it is short, else 10 ms from shortly before the first
/// suspension (`first_suspension`, kNever where there was none).
SavedView saved_view_of_run(Time end, Time first_suspension);

/// Writes a save file for GTKWave: one group per channel and die (the first open, the others closed), texts as text,
/// numbers decimal. Throws OutputError.
void write_saved_view(const std::string& path, const Device& device, const SavedView& view);

}  // namespace nandtlm
