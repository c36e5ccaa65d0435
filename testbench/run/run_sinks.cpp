#include "testbench/run/run_sinks.h"

#include <system_error>

#include "traces/saved_view.h"

namespace nandtlm {
namespace {

void create_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw OutputError("cannot create the folder '" + folder.string() + "': " + error.message());
}

void remove_file(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::remove(path, error);
  if (error) throw OutputError("cannot remove '" + path.string() + "': " + error.message());
}

}  // namespace

RunSinks::RunSinks(const RunFile& settings, const Device& device, ObserverHub& hub)
    : device_(device), folder_(settings.out_dir) {
  create_folder(folder_);
  remove_file(folder_ / "metrics.json");
  if (settings.outputs.csv) {
    CsvOptions options;
    options.output = output_options();
    hub.attach(csv_.emplace(device, folder_, options));
  }
  if (settings.outputs.vcd) hub.attach(vcd_.emplace(device, (folder_ / "waves.vcd").string(), output_options()));
}

OutputOptions RunSinks::output_options() {
  OutputOptions options;
  options.writer = writer_;
  options.on_error = [this] { failed_ = true; };
  return options;
}

void RunSinks::finish(ObserverHub& hub, Time at) {
  hub.finish(at);
  if (vcd_) {
    write_saved_view((folder_ / "waves.gtkw").string(), device_, saved_view_of_run(at, vcd_->first_suspension()));
  }
}

/// OUT-03: whole, or not there.
void RunSinks::write_metrics(const std::string& json) {
  const std::filesystem::path path = folder_ / "metrics.json";
  try {
    BufferedFile file(path.string());
    file.append(json);
    file.end_row();
    file.close();
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    throw;
  }
}

}  // namespace nandtlm
