"""Where V is to be evaluated; it has no closed form."""


def coupling_arguments(coordinates, jets, parameters):
    return {"V": (jets["u"][0],)}


def closed_couplings(arguments, parameters):
    return {}
