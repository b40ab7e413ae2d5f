// SPDX-License-Identifier: Apache-2.0
#include "cli/run.hh"

int main(int argc, char** argv) {
    return pare::cli::run(argc, argv);
}
