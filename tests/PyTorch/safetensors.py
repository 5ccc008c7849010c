"""Writes safetensors files, version 0: the header's length (u64), the header as JSON, the numbers in little-endian order."""
import json
import struct


def save(path, tensors, metadata=None):
    """Writes tensors by name: whole numbers as int32, others as float32."""
    header, data = {"__metadata__": metadata} if metadata else {}, b""
    for name, tensor in tensors.items():
        kind, dtype = ("F32", "<f4") if tensor.is_floating_point() else ("I32", "<i4")
        numbers = tensor.detach().numpy().astype(dtype).tobytes()
        header[name] = {
            "dtype": kind, "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(numbers)]}
        data += numbers
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
