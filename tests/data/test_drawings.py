from ui.drawings import ANY_DEVICE, drawing


def test_every_device_type_has_a_drawing_of_its_kind(catalogue):
    types = catalogue["device_types"]["device_type"]
    drawn = {drawing(device_type) for device_type in types}
    assert drawing(ANY_DEVICE) not in drawn
    assert len(drawn) == len(types)
