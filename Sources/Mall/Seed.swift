enum MallSeed {}
