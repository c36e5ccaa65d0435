#include "traces/csv_sink.h"

namespace nandtlm {

CsvSink::CsvSink(const CsvContext& context, const char* file_name, std::string_view header)
    : names_(context.names), texts_(context.texts), file_((context.dir / file_name).string(), context.output) {
  if (header.empty()) return;
  file_.append(header);
  file_.append('\n');
  file_.end_row();
  file_.flush();
  file_.check();
}

void CsvSink::finish(Time at) {
  if (!finished_) write_rest(at);
  finished_ = true;
  file_.close();
}

}  // namespace nandtlm
