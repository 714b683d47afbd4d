"""Reference implementations in NumPy: the mathematics, forward and backward written out by hand.

Import what you need from the module that is named after it; nothing is imported here.

Shallow networks (unit 1)

=======================  ==================================================================
activations              sigmoid, tanh, ReLU and their relatives, with derivatives
elementwise              how a function and its slope become a forward/backward pair
softmax                  softmax, its logarithm, its backward pass
losses_regression        squared, absolute and Huber losses
losses_classification    cross-entropies and hinge losses
linear                   linear unit, neuron, dense layer
initializers             starting values of weights
optim                    gradient descent
gradient_check           central differences against backward passes
layers, network          layers with parameters; Sequential, mlp, fit, evaluate
metrics                  labels from outputs; confusion matrix, precision, recall, F1, errors
perceptron               threshold units, logic gates, perceptron learning rules
delta_rule               the delta rule for one unit and for a multi-layer perceptron
least_squares            line of best fit, normal equation, linear regression
linear_models            logistic and softmax regression, linear SVM
preprocessing            scaling, encoding, splitting
hierarchical_softmax     softmax over the leaves of a binary tree
saliency                 which inputs an output depends on
autoencoder              compression, reconstruction errors, denoising
worked                   the worked 4-2-1 network
normalization            batch, layer, instance and group norm, and as layers (unit 2)
backprop                 backpropagation with every intermediate kept (unit 2)
autograd                 computational graphs of single numbers, and their gradients (unit 2)
line_descent, batches    a line by gradient descent; mini-batches (unit 2)
schedules, averages      schedules of the learning rate; moving averages (unit 2)
momentum, adaptive       optimizers with a velocity; AdaGrad and RMSProp (unit 2)
clipping                 gradient clipping by value, by norm and by global norm (unit 2)
curvature, newton        second derivatives; Newton's method and condition numbers (unit 2)
adam, optimizers         Adam and AdamW; what optimizers have in common (unit 2)
splits, imputation       three sets that share no row; gaps filled from training rows (unit 2)
text, search, bayesian   bags of words; grid, random and Bayesian search (unit 2)
checkpoint, transfer     save and resume a run; frozen layers (unit 2)
signal_propagation       activations and gradients layer by layer (unit 2)
residual, floating_point residual blocks; number formats and loss scaling (unit 2)
=======================  ==================================================================

Conventions: batch first and rows as examples, ``Z = X @ W + b``; every operation is a pair of pure functions,
``f_forward(...) -> (output, cache)`` and ``f_backward(upstream, cache) -> gradients``; losses return
``(value, gradient)``; randomness comes from an explicit ``rng``; float64 unless the input says otherwise;
inputs are never modified.
"""
