#include "testbench/run/run_sinks.h"

#include <system_error>

#include "testbench/run/snapshot_file.h"
#include "tlm/state_archive.h"
#include "traces/output_folder.h"
#include "traces/saved_view.h"
#include "traces/whole_file.h"

namespace nandtlm {
namespace {

/// What is no file (a device that stands there) stays.
void remove_file(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(std::filesystem::symlink_status(path, error))) return;
  std::filesystem::remove(path, error);
  if (error) throw OutputError("cannot remove '" + path.string() + "': " + error.message());
}

}  // namespace

RunSinks::RunSinks(const RunFile& settings, const Device& device, ObserverHub& hub, StateArchive* restored)
    : device_(device), hub_(hub), folder_(settings.out_dir), thread_([this] { failed_ = true; }) {
  make_folder(folder_);
  // Of an earlier run: what is written at the end of a run must not be taken for this one's.
  for (const char* name : {"metrics.json", "coverage.json", "coverage.csv", "waves.gtkw", kSnapshotName}) {
    remove_file(folder_ / name);
  }
  OutputOptions output;
  output.on_error = [this] { failed_ = true; };
  if (settings.outputs.csv) {
    CsvOptions options;
    options.output = output;
    thread_.attach(csv_.emplace(device, folder_, options));
  }
  if (settings.outputs.vcd) thread_.attach(vcd_.emplace(device, (folder_ / "waves.vcd").string(), output));
  if (restored != nullptr) transfer(*restored);
  if (csv_ || vcd_) hub.attach(thread_);
}

RunSinks::~RunSinks() {
  hub_.detach(thread_);
}

void RunSinks::transfer(StateArchive& archive) {
  if (csv_) csv_->transfer(archive);
  if (vcd_) vcd_->transfer(archive);
}

void RunSinks::save(StateArchive& archive) {
  thread_.drain();
  transfer(archive);
}

void RunSinks::leave() {
  if (csv_) csv_->leave();
  if (vcd_) vcd_->leave();
}

void RunSinks::finish(Time at) {
  hub_.finish(at);
  if (vcd_) {
    write_saved_view((folder_ / "waves.gtkw").string(), device_, saved_view_of_run(at, vcd_->first_suspension()));
  }
}

void RunSinks::write_metrics(const std::string& json) {
  write_whole_file(folder_ / "metrics.json", {json});
}

}  // namespace nandtlm
